package org.ashlar.component;

/** The value where there is none: a case without a payload, a function without a result. */
public enum Unit {
    VALUE
}
