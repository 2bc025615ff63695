package org.ashlar.repository;

import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * A moment. Its text is that of RFC 3339 with up to nine digits of a second, in UTC when it is written.
 *
 * @param seconds since 1970; within the years 0 to 9999
 * @param nanos   0 to 999 999 999
 */
public record Stamp(long seconds, int nanos) implements Comparable<Stamp> {
    /** What other programs write for "no time": the first second of the year 1. */
    static final Stamp ZERO = new Stamp(LocalDate.of(1, 1, 1).toEpochDay() * 86_400, 0);
    private static final long FIRST = LocalDate.of(0, 1, 1).toEpochDay() * 86_400;
    private static final long LAST = LocalDate.of(9999, 12, 31).toEpochDay() * 86_400 + 86_399;

    public Stamp {
        seconds = Math.clamp(seconds, FIRST, LAST);
        if (nanos < 0 || nanos > 999_999_999) {
            throw new DamagedException(nanos + " nanoseconds");
        }
    }

    public static Stamp of(Instant instant) {
        return new Stamp(instant.getEpochSecond(), instant.getNano());
    }

    static Stamp of(FileTime time) {
        return of(time.toInstant());
    }

    public Instant instant() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    FileTime fileTime() {
        return nanos == 0 ? FileTime.from(seconds, TimeUnit.SECONDS) : FileTime.from(instant());
    }

    /** By hand: a tree has three times for each file, and the JDK's formatter takes longer than all else about it. */
    static Stamp parse(String text) {
        try {
            int length = text.length();
            int at = 19;
            int nanos = 0;
            LocalDateTime local = LocalDateTime.of(digits(text, 0, 4, '-'), digits(text, 5, 2, '-'), digits(text, 8, 2, 'T'),
                    digits(text, 11, 2, ':'), digits(text, 14, 2, ':'), digits(text, 17, 2));
            if (at < length && text.charAt(at) == '.') {
                int begin = ++at;
                int scale = 100_000_000;
                while (at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                    nanos += (text.charAt(at) - '0') * scale;
                    scale /= 10;
                    at++;
                }
                if (at == begin || at > begin + 9) {
                    throw new DamagedException("");
                }
            }
            int offset;
            if (length == at + 1 && text.charAt(at) == 'Z') {
                offset = 0;
            } else if (length == at + 6 && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                offset = (digits(text, at + 1, 2, ':') * 60 + digits(text, at + 4, 2)) * 60 * (text.charAt(at) == '-' ? -1 : 1);
            } else {
                throw new DamagedException("");
            }
            return new Stamp(local.toEpochSecond(ZoneOffset.UTC) - offset, nanos);
        } catch (DateTimeException | IndexOutOfBoundsException | DamagedException e) {
            throw new DamagedException("\"" + Text.shown(text) + "\" is no time as in RFC 3339", e);
        }
    }

    private static int digits(String text, int at, int count, char then) {
        if (text.charAt(at + count) != then) {
            throw new DamagedException("");
        }
        return digits(text, at, count);
    }

    private static int digits(String text, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DamagedException("");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String toString() {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(30);
        append(text, utc.getYear(), 4);
        append(text, utc.getMonthValue(), 2, '-');
        append(text, utc.getDayOfMonth(), 2, '-');
        append(text, utc.getHour(), 2, 'T');
        append(text, utc.getMinute(), 2, ':');
        append(text, utc.getSecond(), 2, ':');
        if (nanos != 0) {
            append(text, nanos, 9, '.');
            int end = text.length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            text.setLength(end);
        }
        return text.append('Z').toString();
    }

    private static void append(StringBuilder text, int value, int digits, char before) {
        text.append(before);
        append(text, value, digits);
    }

    private static void append(StringBuilder text, int value, int digits) {
        int scale = 1;
        for (int i = 1; i < digits; i++) {
            scale *= 10;
        }
        for (int rest = value; scale > 0; scale /= 10) {
            text.append((char) ('0' + rest / scale));
            rest %= scale;
        }
    }

    @Override
    public int compareTo(Stamp other) {
        int bySeconds = Long.compare(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
    }
}
