package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.stream.Stream;
import org.ashlar.api.message.PackageId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies of {@code kv:distro:sys} and {@code sqlite:distro:sys}, as the specification writes them (reference-modules 4). */
class DatabaseBodiesTest {
    private static final DatabaseKey KEY = new DatabaseKey(PackageId.parse("p:n"), "d");
    private static final String HEAD = "{\"package_id\":{\"package_name\":\"p\",\"publisher_node\":\"n\"},\"db\":\"d\",\"action\":";

    static Stream<Arguments> kv() {
        byte[] key = {1, -1};
        return Stream.of(
                Arguments.of(new KvAction.Open(), "\"Open\""),
                Arguments.of(new KvAction.RemoveDb(), "\"RemoveDb\""),
                Arguments.of(new KvAction.Set(key, Optional.empty()), "{\"Set\":{\"key\":[1,255],\"tx_id\":null}}"),
                Arguments.of(new KvAction.Delete(key, Optional.of(-1L)), "{\"Delete\":{\"key\":[1,255],\"tx_id\":18446744073709551615}}"),
                Arguments.of(new KvAction.Get(key), "{\"Get\":[1,255]}"),
                Arguments.of(new KvAction.BeginTx(), "\"BeginTx\""),
                Arguments.of(new KvAction.Commit(7), "{\"Commit\":{\"tx_id\":7}}"));
    }

    @ParameterizedTest
    @MethodSource("kv")
    void aKvActionHasItsTextAndIsReadBack(KvAction action, String json) {
        byte[] body = DatabaseRequest.encode(KEY, action);
        assertEquals(HEAD + json + "}", new String(body, UTF_8));
        DatabaseRequest<KvAction> read = DatabaseRequest.kv(body);
        assertEquals(KEY, read.key());
        assertArrayEquals(body, DatabaseRequest.encode(KEY, read.action()));
    }

    static Stream<Arguments> sqlite() {
        return Stream.of(
                Arguments.of(new SqliteAction.Open(), "\"Open\""),
                Arguments.of(new SqliteAction.RemoveDb(), "\"RemoveDb\""),
                Arguments.of(new SqliteAction.Query("select 1"), "{\"Query\":\"select 1\"}"),
                Arguments.of(new SqliteAction.Write("delete", Optional.of(7L)), "{\"Write\":{\"statement\":\"delete\",\"tx_id\":7}}"),
                Arguments.of(new SqliteAction.BeginTx(), "\"BeginTx\""),
                Arguments.of(new SqliteAction.Commit(-1), "{\"Commit\":{\"tx_id\":18446744073709551615}}"));
    }

    @ParameterizedTest
    @MethodSource("sqlite")
    void anSqliteActionHasItsTextAndIsReadBack(SqliteAction action, String json) {
        byte[] body = DatabaseRequest.encode(KEY, action);
        assertEquals(HEAD + json + "}", new String(body, UTF_8));
        assertEquals(new DatabaseRequest<>(KEY, action), DatabaseRequest.sqlite(body));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(new DatabaseResponse.Done(), "\"Ok\""),
                Arguments.of(new DatabaseResponse.Read(), "\"Read\""),
                Arguments.of(new DatabaseResponse.Got(new byte[] {3}), "{\"Get\":[3]}"),
                Arguments.of(new DatabaseResponse.Begun(9), "{\"BeginTx\":{\"tx_id\":9}}"),
                Arguments.of(error(new DatabaseError.NoDb(KEY)),
                        "{\"Err\":{\"NoDb\":[{\"package_name\":\"p\",\"publisher_node\":\"n\"},\"d\"]}}"),
                Arguments.of(error(new DatabaseError.NoTx(9)), "{\"Err\":{\"NoTx\":9}}"),
                Arguments.of(error(new DatabaseError.KvFailed("x")), "{\"Err\":{\"RocksDBError\":\"x\"}}"),
                Arguments.of(error(new DatabaseError.SqlFailed("x")), "{\"Err\":{\"RusqliteError\":\"x\"}}"),
                Arguments.of(error(new DatabaseError.IoError("x")), "{\"Err\":{\"IOError\":\"x\"}}"),
                Arguments.of(error(DatabaseError.Plain.KEY_NOT_FOUND), "{\"Err\":\"KeyNotFound\"}"),
                Arguments.of(error(DatabaseError.Plain.NOT_A_READ_KEYWORD), "{\"Err\":\"NotAReadKeyword\"}"),
                Arguments.of(error(DatabaseError.Plain.MISMATCHING_PACKAGE_ID), "{\"Err\":\"MismatchingPackageId\"}"));
    }

    private static DatabaseResponse error(DatabaseError error) {
        return new DatabaseResponse.Err(error);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerHasItsTextAndIsReadBack(DatabaseResponse answer, String json) {
        assertEquals(json, new String(answer.encode(), UTF_8));
        assertEquals(answer, DatabaseResponse.parse(answer.encode()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Explode\"", "{\"Get\":[256]}", "{\"Set\":{}}", "{\"Commit\":7}", "{\"Open\":1}"})
    void whatIsNoActionIsRefused(String json) {
        assertThrows(CodecException.class, () -> DatabaseRequest.kv((HEAD + json + "}").getBytes(UTF_8)));
    }
}
