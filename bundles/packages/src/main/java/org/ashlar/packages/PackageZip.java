package org.ashlar.packages;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Walks through a zip from anywhere. Entries are read as they come, none is trusted: names cannot lead out of the folder
 * they are unpacked in, come twice or hide behind each other, and all sizes are counted while unpacking, whatever the
 * headers claim.
 */
final class PackageZip {
    /** Largest zip, in bytes. */
    static final long MAX_ZIP = 128L << 20;
    /** Most entries, folders included. */
    static final int MAX_ENTRIES = 10_000;
    /** Largest file in it, in bytes: the largest component that the kernel takes. */
    static final long MAX_FILE = 256L << 20;
    /** Most bytes of all files together. */
    static final long MAX_TOTAL = 512L << 20;
    /** What is more than this many bytes may be at most {@link #MAX_RATIO} times what it was packed. */
    static final long RATIO_FROM = 1L << 20;
    static final int MAX_RATIO = 200;
    /** Longest path, in characters. */
    static final int MAX_PATH = 1024;
    /** Longest name of a file or folder, in UTF-8 bytes. */
    static final int MAX_NAME = 255;

    private final Counted packed;
    private final Sink sink;
    /** Path → whether it is a file. */
    private final Map<String, Boolean> seen = new HashMap<>();
    private int entries;
    private long total;

    /** Takes the files of a zip. */
    interface Sink {
        /**
         * Takes one file.
         *
         * @param path    such as {@code pkg/manifest.json}; of names alone, none of them special
         * @param content ends with the file; need not be read to its end
         */
        void file(String path, InputStream content) throws IOException, PackageException;
    }

    private PackageZip(InputStream zip, Sink sink) {
        this.packed = new Counted(zip);
        this.sink = sink;
    }

    /**
     * Gives every file to {@code sink}, in the order of the zip.
     *
     * @throws PackageException when it is no zip, or over a limit; the message names the entry
     * @throws IOException      as {@code zip} and {@code sink} do
     */
    static void walk(InputStream zip, Sink sink) throws IOException, PackageException {
        new PackageZip(zip, sink).walk();
    }

    private void walk() throws IOException, PackageException {
        try (ZipInputStream in = new ZipInputStream(packed, StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entry(in, entry);
            }
        } catch (ZipException | IllegalArgumentException e) {
            // The second is what ZipInputStream throws for a name that is not UTF-8.
            throw new PackageException("the package is a damaged zip: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new PackageException("the package is a zip that ends too early", e);
        } catch (LimitException e) {
            throw new PackageException(e.getMessage(), e);
        }
        if (entries == 0) {
            throw new PackageException("the package is no zip, or an empty one");
        }
    }

    private void entry(ZipInputStream in, ZipEntry entry) throws IOException, PackageException {
        if (++entries > MAX_ENTRIES) {
            throw new PackageException("the zip has more than " + MAX_ENTRIES + " entries, the most a package may have");
        }
        String path = entry.isDirectory() ? entry.getName().substring(0, entry.getName().length() - 1) : entry.getName();
        check(path);
        claim(path, !entry.isDirectory());
        if (entry.isDirectory()) {
            return;
        }
        Bounded content = new Bounded(in, path);
        sink.file(path, content);
        content.drain();
    }

    private static void check(String path) throws PackageException {
        if (path.length() > MAX_PATH) {
            throw new PackageException("the zip has a path of " + path.length() + " characters; at most " + MAX_PATH
                    + " are allowed");
        }
        for (String name : path.split("/", -1)) {
            boolean fits = !name.isEmpty() && !name.equals(".") && !name.equals("..")
                    && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME
                    && name.chars().noneMatch(c -> c < 0x20 || c == 0x7f || c == '\\');
            if (!fits) {
                throw new PackageException("the zip has the path " + quoted(path) + ": every name in it must be one of a file"
                        + " or folder, at most " + MAX_NAME + " bytes, without '\\', '.', '..' or control characters");
            }
        }
    }

    /** Notes a path and the folders above it; a file must be there once, and nothing may lie below a file. */
    private void claim(String path, boolean isFile) throws PackageException {
        Boolean former = seen.put(path, isFile);
        if (former != null && (former || isFile)) {
            throw new PackageException("the zip has " + quoted(path) + " twice");
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (Boolean.TRUE.equals(seen.putIfAbsent(path.substring(0, slash), false))) {
                throw new PackageException("the zip has " + quoted(path.substring(0, slash)) + " both as a file and as a folder");
            }
        }
    }

    static String quoted(String path) {
        StringBuilder shown = new StringBuilder("\"");
        path.codePoints().limit(100).forEach(c -> shown.append(Character.isISOControl(c) ? "?" : Character.toString(c)));
        return shown.append(path.length() > 100 ? "…\"" : "\"").toString();
    }

    /** Counts the packed bytes, and ends where there are too many. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                add(1);
            }
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                add(read);
            }
            return read;
        }

        private void add(int bytes) throws IOException {
            count += bytes;
            if (count > MAX_ZIP) {
                throw new LimitException("the zip is larger than " + MAX_ZIP + " bytes, the most a package may have");
            }
        }
    }

    /** One file, and the limits on it and on all. */
    private final class Bounded extends InputStream {
        private final InputStream in;
        private final String path;
        private long size;

        Bounded(InputStream in, String path) {
            this.in = in;
            this.path = path;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int read = read(one, 0, 1);
            return read < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            if (read > 0) {
                size += read;
                total += read;
                check();
            }
            return read;
        }

        private void check() throws LimitException {
            if (size > MAX_FILE) {
                throw new LimitException(quoted(path) + " in the zip is larger than " + MAX_FILE + " bytes");
            }
            if (total > MAX_TOTAL) {
                throw new LimitException("the zip holds more than " + MAX_TOTAL + " bytes of files");
            }
            if (total > RATIO_FROM && total / MAX_RATIO > packed.count) {
                throw new LimitException("the zip unpacks to more than " + MAX_RATIO + " times its size (at "
                        + quoted(path) + "), which no honest package does");
            }
        }

        void drain() throws IOException {
            byte[] buffer = new byte[8192];
            while (read(buffer, 0, buffer.length) >= 0) {
                // what the sink left is counted too
            }
        }
    }

    /** A limit was passed in the middle of a read. */
    private static final class LimitException extends IOException {
        private static final long serialVersionUID = 1L;

        LimitException(String message) {
            super(message);
        }
    }
}
