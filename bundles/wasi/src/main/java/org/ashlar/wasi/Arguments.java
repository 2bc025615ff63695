package org.ashlar.wasi;

import java.util.List;

import org.ashlar.component.Variant;

/** The arguments of a call, which the component library has lifted by the guest's own declaration. */
record Arguments(Object[] values) {
    /** Any unsigned or signed integer; flags. */
    long number(int index) {
        return ((Number) values[index]).longValue();
    }

    String text(int index) {
        return (String) values[index];
    }

    byte[] bytes(int index) {
        return (byte[]) values[index];
    }

    Variant variant(int index) {
        return (Variant) values[index];
    }

    <T> T resource(int index, Class<T> type) {
        return type.cast(values[index]);
    }

    <T> List<T> resources(int index, Class<T> type) {
        return ((List<?>) values[index]).stream().map(type::cast).toList();
    }
}
