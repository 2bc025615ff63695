package org.ashlar.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.ashlar.codec.DatabaseError;
import org.ashlar.codec.DatabaseError.Plain;
import org.ashlar.databases.Refusal;

/**
 * Which statements are carried out. The first word decides, after comments. That a query cannot write, and that no other file
 * is attached, does not rest on this: the connection that reads refuses to write, and SQLite's limit of attached
 * databases is 0. What remains is refused here: what would steer the connection, which others use after it.
 */
final class Statements {
    private static final Set<String> READS = Set.of("EXPLAIN", "PRAGMA", "SELECT", "VALUES", "WITH");
    private static final Set<String> WRITES = Set.of("ALTER", "ANALYZE", "CREATE", "DELETE", "DROP", "INSERT", "REINDEX",
            "REPLACE", "UPDATE", "VACUUM", "WITH");
    private static final Set<String> EXPLAINED = Set.of("SELECT", "VALUES", "WITH", "INSERT", "REPLACE", "UPDATE", "DELETE");
    /** In the specification's lists, and refused with a reason. */
    private static final Set<String> STEERING = Set.of("BEGIN", "COMMIT", "END", "RELEASE", "ROLLBACK", "SAVEPOINT", "ATTACH",
            "DETACH");
    /** Those that only tell something. */
    private static final Set<String> PRAGMAS = Set.of("TABLE_INFO", "TABLE_XINFO", "TABLE_LIST", "INDEX_LIST", "INDEX_INFO",
            "INDEX_XINFO", "FOREIGN_KEY_LIST", "FOREIGN_KEY_CHECK", "QUICK_CHECK", "INTEGRITY_CHECK");
    private static final Set<String> PLAIN_PRAGMAS = Set.of("USER_VERSION", "APPLICATION_ID", "SCHEMA_VERSION", "PAGE_COUNT",
            "PAGE_SIZE", "FREELIST_COUNT", "ENCODING", "FOREIGN_KEYS", "COLLATION_LIST", "COMPILE_OPTIONS", "FUNCTION_LIST");
    private static final Pattern INTO = Pattern.compile("\\bINTO\\b", Pattern.CASE_INSENSITIVE);

    private Statements() { }

    /** Checks a query. */
    static void checkRead(String sql) throws Refusal {
        String word = word(sql, 0);
        refuseSteering(word);
        if (!READS.contains(word)) {
            throw new Refusal(Plain.NOT_A_READ_KEYWORD);
        }
        if (word.equals("EXPLAIN")) {
            checkExplained(rest(sql));
        }
        if (word.equals("PRAGMA")) {
            checkPragma(rest(sql).strip().toUpperCase(Locale.ROOT));
        }
        checkOne(sql);
    }

    /** Checks a statement that writes. @return whether it must stand outside of any transaction */
    static boolean checkWrite(String sql) throws Refusal {
        String word = word(sql, 0);
        refuseSteering(word);
        if (!WRITES.contains(word)) {
            throw new Refusal(Plain.NOT_A_WRITE_KEYWORD);
        }
        boolean vacuum = word.equals("VACUUM");
        if (vacuum && INTO.matcher(sql).find()) {
            throw failed("VACUUM INTO writes another file, which is not allowed");
        }
        if (!creates(sql) || !word(rest(sql), 0).equals("TRIGGER")) {
            checkOne(sql); // the body of a trigger has semicolons of its own
        }
        return vacuum;
    }

    /** Whether it makes a table, view, index or trigger. */
    static boolean creates(String sql) {
        return word(sql, 0).equals("CREATE");
    }

    private static void refuseSteering(String word) throws Refusal {
        if (STEERING.contains(word)) {
            throw failed(word + " is not carried out: use BeginTx and Commit for transactions, and one database for each Request");
        }
    }

    /** Many pragmas and ATTACH act, or may, while they are prepared, explained or not. */
    private static void checkExplained(String text) throws Refusal {
        String explained = word(text, 0).equals("QUERY") ? rest(rest(text)) : text;
        String word = word(explained, 0);
        if (!EXPLAINED.contains(word)) {
            throw failed("EXPLAIN " + word + " is not carried out; queries and INSERT, UPDATE, REPLACE and DELETE are explained");
        }
    }

    private static void checkPragma(String text) throws Refusal {
        String rest = text.replaceAll("[;\\s]+$", "");
        String name = rest.replaceAll("[\\s(=].*$", "");
        boolean plain = rest.equals(name);
        if (!(PRAGMAS.contains(name) && rest.indexOf('=') < 0 || plain && PLAIN_PRAGMAS.contains(name))) {
            throw failed("PRAGMA " + name + (plain ? "" : " with a value") + " is not carried out here; those that only tell"
                    + " something about the database are");
        }
    }

    /** The first word from {@code from} on, in upper case; empty when something else comes first. */
    private static String word(String sql, int from) {
        int begin = skip(sql, from);
        int end = begin;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        return sql.substring(begin, end).toUpperCase(Locale.ROOT);
    }

    /** What follows the first word. */
    private static String rest(String sql) {
        return sql.substring(Math.min(sql.length(), skip(sql, 0) + word(sql, 0).length()));
    }

    /** The next character that is neither white space nor comment. */
    private static int skip(String sql, int from) {
        int at = from;
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                at = end(sql, "\n", at);
            } else if (sql.startsWith("/*", at)) {
                at = end(sql, "*/", at + 2);
            } else {
                return at;
            }
        }
        return at;
    }

    private static int end(String sql, String mark, int from) {
        int found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found + mark.length();
    }

    /** SQLite would carry out the first and pass over the rest. */
    private static void checkOne(String sql) throws Refusal {
        int at = skip(sql, 0);
        while (at < sql.length() && sql.charAt(at) != ';') {
            char c = sql.charAt(at);
            at = switch (c) {
                case '\'', '"', '`' -> end(sql, String.valueOf(c), at + 1);
                case '[' -> end(sql, "]", at + 1);
                default -> at + 1;
            };
            at = skip(sql, at);
        }
        if (at < sql.length() && skip(sql, at + 1) < sql.length()) {
            throw failed("there is more than one statement; send one for each Request");
        }
    }

    private static Refusal failed(String reason) {
        return new Refusal(new DatabaseError.SqlFailed(reason));
    }
}
