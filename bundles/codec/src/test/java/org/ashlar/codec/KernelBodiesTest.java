package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ashlar.api.message.Address;
import org.ashlar.api.message.Blob;
import org.ashlar.api.message.Capability;
import org.ashlar.api.message.OnExit;
import org.ashlar.api.message.ProcessId;
import org.ashlar.api.message.Request;
import org.ashlar.api.message.SignedCapability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KernelBodiesTest {
    private static final ProcessId ECHO = ProcessId.parse("echo:echo-c:ashlar.os");
    private static final Capability ROOT =
            new Capability(Address.parse("a.os@vfs:distro:sys"), "{\"root\":true}");
    private static final KernelCommand.Definition DEFINITION = new KernelCommand.Definition(ECHO,
            "echo-c:ashlar.os/pkg/echo.wasm", Optional.of(1L), OnExit.RESTART, List.of(ROOT), true);
    private static final ProcessEntry ENTRY =
            new ProcessEntry("", Optional.empty(), OnExit.NONE, List.of(ROOT), false);

    static Stream<Arguments> commands() {
        String cap = "{\"issuer\":\"a.os@vfs:distro:sys\",\"params\":\"{\\\"root\\\":true}\"}";
        String definition = "{\"id\":\"echo:echo-c:ashlar.os\",\"wasm_bytes_handle\":\"echo-c:ashlar.os/pkg/echo.wasm\","
                + "\"wit_version\":1,\"on_exit\":\"Restart\",\"initial_capabilities\":[" + cap + "],\"public\":true}";
        String grant = "{\"target\":\"echo:echo-c:ashlar.os\",\"capabilities\":[" + cap + "]}";
        return Stream.of(
                Arguments.of(new KernelCommand.Booted(), "\"Booted\""),
                Arguments.of(new KernelCommand.InitializeProcess(DEFINITION), "{\"InitializeProcess\":" + definition + "}"),
                Arguments.of(new KernelCommand.ReplaceProcess(DEFINITION), "{\"ReplaceProcess\":" + definition + "}"),
                Arguments.of(new KernelCommand.RunProcess(ECHO), "{\"RunProcess\":\"echo:echo-c:ashlar.os\"}"),
                Arguments.of(new KernelCommand.KillProcess(ECHO), "{\"KillProcess\":\"echo:echo-c:ashlar.os\"}"),
                Arguments.of(new KernelCommand.GrantCapabilities(ECHO, List.of(ROOT)), "{\"GrantCapabilities\":" + grant + "}"),
                Arguments.of(new KernelCommand.DropCapabilities(ECHO, List.of(ROOT)), "{\"DropCapabilities\":" + grant + "}"),
                Arguments.of(new KernelCommand.SetOnExit(ECHO, OnExit.NONE),
                        "{\"SetOnExit\":{\"target\":\"echo:echo-c:ashlar.os\",\"on_exit\":\"None\"}}"),
                Arguments.of(new KernelCommand.Shutdown(), "\"Shutdown\""),
                Arguments.of(new KernelCommand.DebugProcessMap(), "{\"Debug\":\"ProcessMap\"}"),
                Arguments.of(new KernelCommand.DebugProcess(ECHO), "{\"Debug\":{\"Process\":\"echo:echo-c:ashlar.os\"}}"),
                Arguments.of(new KernelCommand.DebugHasCap(ECHO, ROOT),
                        "{\"Debug\":{\"HasCap\":{\"on\":\"echo:echo-c:ashlar.os\",\"cap\":" + cap + "}}}"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandHasTheTextOfTheSpecificationAndIsReadBack(KernelCommand command, String json) {
        assertEquals(json, new String(command.encode(), UTF_8));
        assertEquals(command, KernelCommand.parse(json.getBytes(UTF_8)));
    }

    static Stream<Arguments> responses() {
        String entry = "{\"wasm_bytes_handle\":\"\",\"wit_version\":null,\"on_exit\":\"None\",\"capabilities\":["
                + "{\"issuer\":\"a.os@vfs:distro:sys\",\"params\":\"{\\\"root\\\":true}\"}],\"public\":false}";
        return Stream.of(
                Arguments.of(new KernelResponse.InitializedProcess(), "\"InitializedProcess\""),
                Arguments.of(new KernelResponse.InitializeProcessError(), "\"InitializeProcessError\""),
                Arguments.of(new KernelResponse.ReplacedProcess(), "\"ReplacedProcess\""),
                Arguments.of(new KernelResponse.ReplaceProcessError("no component"), "{\"ReplaceProcessError\":\"no component\"}"),
                Arguments.of(new KernelResponse.StartedProcess(), "\"StartedProcess\""),
                Arguments.of(new KernelResponse.RunProcessError(), "\"RunProcessError\""),
                Arguments.of(new KernelResponse.KilledProcess(ECHO), "{\"KilledProcess\":\"echo:echo-c:ashlar.os\"}"),
                Arguments.of(new KernelResponse.ProcessMap(Map.of(ECHO, ENTRY)),
                        "{\"Debug\":{\"ProcessMap\":{\"echo:echo-c:ashlar.os\":" + entry + "}}}"),
                Arguments.of(new KernelResponse.Process(Optional.of(ENTRY)), "{\"Debug\":{\"Process\":" + entry + "}}"),
                Arguments.of(new KernelResponse.Process(Optional.empty()), "{\"Debug\":{\"Process\":null}}"),
                Arguments.of(new KernelResponse.HasCap(Optional.of(true)), "{\"Debug\":{\"HasCap\":true}}"),
                Arguments.of(new KernelResponse.HasCap(Optional.empty()), "{\"Debug\":{\"HasCap\":null}}"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void aResponseHasTheTextOfTheSpecificationAndIsReadBack(KernelResponse response, String json) {
        assertEquals(json, new String(response.encode(), UTF_8));
        assertEquals(response, KernelResponse.parse(json.getBytes(UTF_8)));
    }

    @Test
    void partingRequestsKeepBytesBlobAndSignedCapabilities() {
        Request request = Request.of(new byte[] {0, 127, (byte) 128, (byte) 255}).withMetadata("m")
                .withCapabilities(List.of(new SignedCapability(ROOT, new byte[] {7})));
        OnExit onExit = new OnExit.Requests(List.of(new OnExit.Parting(Address.parse("our@main:a:b.os"), request,
                Optional.of(Blob.of(Optional.of("text/plain"), new byte[] {1})))));

        assertEquals("{\"Requests\":[[\"our@main:a:b.os\",{\"inherit\":false,\"expects_response\":null,"
                + "\"body\":[0,127,128,255],\"metadata\":\"m\",\"capabilities\":[[{\"issuer\":\"a.os@vfs:distro:sys\","
                + "\"params\":\"{\\\"root\\\":true}\"},[7]]]},{\"mime\":\"text/plain\",\"bytes\":[1]}]]}",
                new String(OnExitJson.encode(onExit), UTF_8));
        assertEquals(onExit, OnExitJson.parse(OnExitJson.encode(onExit)));
    }

    @Test
    void capabilitiesAsTheGuestLibraryWritesThemAreReadToo() {
        String json = "{\"Requests\":[[\"our@main:a:b.os\",{\"inherit\":false,\"expects_response\":18446744073709551615,"
                + "\"body\":[],\"metadata\":null,\"capabilities\":[{\"issuer\":\"a.os@vfs:distro:sys\","
                + "\"params\":\"{\\\"root\\\":true}\"}]},null]]}";

        OnExit.Requests read = (OnExit.Requests) OnExitJson.parse(json.getBytes(UTF_8));

        Request request = read.requests().getFirst().request();
        assertEquals(List.of(SignedCapability.unsigned(ROOT)), request.capabilities());
        assertEquals("18446744073709551615", Long.toUnsignedString(request.expectsResponse().getAsLong()));
    }

    @Test
    void unknownKeysAndAbsentOptionalKeysArePassedOver() {
        KernelCommand command = KernelCommand.parse(("{\"InitializeProcess\":{\"id\":\"echo:echo-c:ashlar.os\",\"later\":{},"
                + "\"wasm_bytes_handle\":\"\",\"on_exit\":{\"Restart\":null},\"initial_capabilities\":[],\"public\":true}}")
                .getBytes(UTF_8));

        assertEquals(new KernelCommand.InitializeProcess(new KernelCommand.Definition(ECHO, "", Optional.empty(),
                OnExit.RESTART, List.of(), true)), command);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`` | expected JSON",
        "`{` | no JSON",
        "`\"Booted\" 1` | no JSON",
        "`\"Reboot\"` | found \"Reboot\", expected one of Booted",
        "`{\"RunProcess\":\"a:b\"}` | kernel command.RunProcess: \"a:b\" has too few parts",
        "`{\"RunProcess\":\"A:b:c\"}` | may contain only a-z",
        "`{\"RunProcess\":7}` | kernel command.RunProcess: found 7, expected a string",
        "`{\"RunProcess\":\"a:b:c\",\"KillProcess\":\"a:b:c\"}` | expected \"Name\" or",
        "`{\"SetOnExit\":{\"target\":\"a:b:c\"}}` | the key \"on_exit\" is missing",
        "`{\"SetOnExit\":{\"target\":\"a:b:c\",\"target\":\"a:b:d\",\"on_exit\":\"None\"}}` | Duplicate",
        "`{\"Shutdown\":[1]}` | expected nothing inside Shutdown",
        "`{\"InitializeProcess\":{\"id\":\"a:b:c\",\"wasm_bytes_handle\":\"\",\"wit_version\":4294967296,\"on_exit\":\"None\",\"initial_capabilities\":[],\"public\":true}}` | found 4294967296, expected a whole number from 0 to 2^32-1",
    })
    void whatIsRefusedIsNamed(String json, String complaint) {
        CodecException refusal =
                assertThrows(CodecException.class, () -> KernelCommand.parse(json.getBytes(UTF_8)));
        assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
    }

    @Test
    void deepNestingIsRefused() {
        byte[] deep = ("{\"x\":" + "[".repeat(100_000)).getBytes(UTF_8);
        assertThrows(CodecException.class, () -> KernelCommand.parse(deep));
    }

    @Test
    void aTextOverTheLimitIsRefusedUnread() {
        CodecException refusal = assertThrows(CodecException.class,
                () -> JsonValue.parse("test", new byte[11], 10));
        assertEquals("test: 11 bytes of JSON; at most 10 are read", refusal.getMessage());
    }
}
