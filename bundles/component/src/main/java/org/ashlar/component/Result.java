package org.ashlar.component;

import java.util.Objects;

/**
 * A value of a result type.
 *
 * @param ok    whether it is the {@code ok} case
 * @param value what the case carries, {@link Unit#VALUE} when nothing
 */
public record Result(boolean ok, Object value) {
    private static final Result OK = new Result(true, Unit.VALUE);
    private static final Result ERROR = new Result(false, Unit.VALUE);

    public Result {
        Objects.requireNonNull(value, "value");
    }

    public static Result success() {
        return OK;
    }

    public static Result success(Object value) {
        return new Result(true, value);
    }

    public static Result error() {
        return ERROR;
    }

    public static Result error(Object value) {
        return new Result(false, value);
    }
}
