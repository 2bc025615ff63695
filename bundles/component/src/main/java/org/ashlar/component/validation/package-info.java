/**
 * The validation rules of the component model ({@code Explainer.md}, {@code Binary.md}): syntax in, resolved types and a plan
 * of instantiation out.
 */
package org.ashlar.component.validation;
