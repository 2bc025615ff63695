package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ashlar.api.message.PackageId;
import org.ashlar.api.message.ProcessId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleBodiesTest {
    private static final ProcessId ECHO = ProcessId.parse("echo:echo-c:ashlar.os");
    private static final PackageId PACKAGE = ECHO.packageId();
    private static final String PACKAGE_JSON = "{\"package_name\":\"echo-c\",\"publisher_node\":\"ashlar.os\"}";
    private static final PackageReport REPORT = new PackageReport(PACKAGE, "0.2.0", Optional.of("0.1.0"),
            Optional.of("Echo"), Optional.empty(), "ab", List.of(ECHO), List.of("a"), List.of("b"), List.of("a"), List.of());
    private static final String REPORT_JSON = "{\"package_id\":" + PACKAGE_JSON + ",\"version\":\"0.2.0\",\"installed\":"
            + "\"0.1.0\",\"title\":\"Echo\",\"description\":null,\"hash\":\"ab\",\"processes\":[\"echo:echo-c:ashlar.os\"],"
            + "\"asks\":[\"a\"],\"grants\":[\"b\"],\"fresh\":[\"a\"],\"notices\":[]}";

    static Stream<Arguments> bodies() {
        Function<byte[], Object> state = StateAction::parse;
        Function<byte[], Object> stateAnswer = StateResponse::parse;
        Function<byte[], Object> timer = TimerAction::parse;
        Function<byte[], Object> packages = PackagesAction::parse;
        Function<byte[], Object> packagesAnswer = PackagesResponse::parse;
        return Stream.of(
                Arguments.of(new StateAction.GetState(ECHO).encode(), "{\"GetState\":\"echo:echo-c:ashlar.os\"}", state, new StateAction.GetState(ECHO)),
                Arguments.of(new StateAction.SetState(ECHO).encode(), "{\"SetState\":\"echo:echo-c:ashlar.os\"}", state, new StateAction.SetState(ECHO)),
                Arguments.of(new StateAction.DeleteState(ECHO).encode(), "{\"DeleteState\":\"echo:echo-c:ashlar.os\"}", state, new StateAction.DeleteState(ECHO)),
                Arguments.of(new StateAction.Backup().encode(), "\"Backup\"", state, new StateAction.Backup()),
                Arguments.of(new StateResponse.Done("GetState").encode(), "\"GetState\"", stateAnswer, new StateResponse.Done("GetState")),
                Arguments.of(new StateResponse.NotFound(ECHO).encode(), "{\"Err\":{\"NotFound\":{\"process_id\":\"echo:echo-c:ashlar.os\"}}}", stateAnswer, new StateResponse.NotFound(ECHO)),
                Arguments.of(new StateResponse.BadBytes("SetState").encode(), "{\"Err\":{\"BadBytes\":{\"action\":\"SetState\"}}}", stateAnswer, new StateResponse.BadBytes("SetState")),
                Arguments.of(new StateResponse.StoreError("SetState", "full").encode(), "{\"Err\":{\"RocksDBError\":{\"action\":\"SetState\",\"error\":\"full\"}}}", stateAnswer, new StateResponse.StoreError("SetState", "full")),
                Arguments.of(new StateResponse.IoError("x").encode(), "{\"Err\":{\"IOError\":{\"error\":\"x\"}}}", stateAnswer, new StateResponse.IoError("x")),
                Arguments.of(new StateResponse.BadJson("x").encode(), "{\"Err\":{\"BadJson\":{\"error\":\"x\"}}}", stateAnswer, new StateResponse.BadJson("x")),
                Arguments.of(new StateResponse.BadRequest("x").encode(), "{\"Err\":{\"BadRequest\":{\"error\":\"x\"}}}", stateAnswer, new StateResponse.BadRequest("x")),
                Arguments.of(new TimerAction.SetTimer(1500).encode(), "{\"SetTimer\":1500}", timer, new TimerAction.SetTimer(1500)),
                Arguments.of(new TimerAction.SetTimer(-1).encode(), "{\"SetTimer\":18446744073709551615}", timer, new TimerAction.SetTimer(-1)),
                Arguments.of(new TimerAction.Debug().encode(), "\"Debug\"", timer, new TimerAction.Debug()),
                Arguments.of(new PackagesAction.Inspect(Optional.empty()).encode(), "{\"Inspect\":{\"package_id\":null}}", packages, new PackagesAction.Inspect(Optional.empty())),
                Arguments.of(new PackagesAction.Install(Optional.of(PACKAGE), true).encode(), "{\"Install\":{\"package_id\":" + PACKAGE_JSON + ",\"consent\":true}}", packages, new PackagesAction.Install(Optional.of(PACKAGE), true)),
                Arguments.of(new PackagesAction.ListPackages().encode(), "\"List\"", packages, new PackagesAction.ListPackages()),
                Arguments.of(new PackagesAction.Remove(PACKAGE).encode(), "{\"Remove\":" + PACKAGE_JSON + "}", packages, new PackagesAction.Remove(PACKAGE)),
                Arguments.of(new PackagesResponse.Inspected(REPORT).encode(), "{\"Inspected\":" + REPORT_JSON + "}", packagesAnswer, new PackagesResponse.Inspected(REPORT)),
                Arguments.of(new PackagesResponse.ConsentNeeded(REPORT).encode(), "{\"ConsentNeeded\":" + REPORT_JSON + "}", packagesAnswer, new PackagesResponse.ConsentNeeded(REPORT)),
                Arguments.of(new PackagesResponse.Installed(REPORT).encode(), "{\"Installed\":" + REPORT_JSON + "}", packagesAnswer, new PackagesResponse.Installed(REPORT)),
                Arguments.of(new PackagesResponse.Packages(List.of(REPORT)).encode(), "{\"Packages\":[" + REPORT_JSON + "]}", packagesAnswer, new PackagesResponse.Packages(List.of(REPORT))),
                Arguments.of(new PackagesResponse.Removed(PACKAGE).encode(), "{\"Removed\":" + PACKAGE_JSON + "}", packagesAnswer, new PackagesResponse.Removed(PACKAGE)),
                Arguments.of(new PackagesResponse.Err("no").encode(), "{\"Err\":\"no\"}", packagesAnswer, new PackagesResponse.Err("no")));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyHasItsTextAndIsReadBack(byte[] encoded, String json, Function<byte[], Object> reader, Object value) {
        assertEquals(json, new String(encoded, UTF_8));
        assertEquals(value, reader.apply(encoded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"SetTimer\":-1}", "{\"SetTimer\":1.5}", "{\"SetTimer\":18446744073709551616}", "\"SetTimer\"", "7"})
    void aTimerThatIsNoNumberOfMillisecondsIsRefused(String json) {
        assertThrows(CodecException.class, () -> TimerAction.parse(json.getBytes(UTF_8)));
    }
}
