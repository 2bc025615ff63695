package org.ashlar.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes and times as people read them. */
final class Words {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** Signs of a bar that shows how far something is. */
    private static final int BAR = 20;

    private Words() { }

    /** Such as {@code 1.5 MiB}. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < 5) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTPE".charAt(unit));
    }

    /** Such as {@code 3 minutes}. */
    static String duration(Duration duration) {
        long seconds = Math.max(duration.toSeconds(), 0);
        if (seconds < 120) {
            return counted(seconds, "second");
        }
        if (seconds < 7200) {
            return counted(seconds / 60, "minute");
        }
        return seconds < 172_800 ? counted(seconds / 3600, "hour") : counted(seconds / 86_400, "day");
    }

    /** Such as {@code [######--------------]  30 %  1.2 GiB of 4.0 GiB  35.1 MiB/s  restores}; without a total, without its share. */
    static String progress(String words, long done, long total, long nanos) {
        String rate = nanos < 1_000_000_000L ? "" : "  " + size(Math.round(done / (nanos / 1e9))) + "/s";
        if (total <= 0) {
            return size(done) + rate + "  " + words;
        }
        long shown = Math.min(done, total); // what grew meanwhile
        int filled = (int) (shown * BAR / total);
        return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + String.format(Locale.ROOT, "] %3d %%  ", shown * 100 / total) + size(shown) + " of "
                + size(total) + rate + "  " + words;
    }

    static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String minute(Instant time) {
        return MINUTE.format(time.atZone(ZoneId.systemDefault()));
    }

    static String second(Instant time) {
        return SECOND.format(time.atZone(ZoneId.systemDefault()));
    }

    /** One line of text that came from elsewhere: no control characters, not longer than a screen is wide several times. */
    static String line(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", "�");
        return shown.length() > 1000 ? shown.substring(0, 1000) + "…" : shown;
    }

    /** The line that tells a person what went wrong. */
    static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return line(switch (failure) {
            case java.nio.file.AccessDeniedException e -> "permission denied: " + message;
            case java.nio.file.NoSuchFileException e -> e.getReason() == null ? "no such file: " + message : message;
            case java.nio.file.FileAlreadyExistsException e -> "it is there already: " + message;
            default -> message;
        });
    }
}
