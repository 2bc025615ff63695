package org.ashlar.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ashlar.codec.VfsAction.Origin;
import org.ashlar.codec.VfsResponse.Entry;
import org.ashlar.codec.VfsResponse.FileType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies of {@code vfs:distro:sys}, as the specification writes them (reference-modules 3.2). */
class VfsBodiesTest {
    static Stream<Arguments> actions() {
        Stream<VfsAction> plain = Stream.of(new VfsAction.CreateDrive(), new VfsAction.CreateDir(), new VfsAction.CreateDirAll(),
                new VfsAction.CreateFile(), new VfsAction.CloseFile(), new VfsAction.Write(), new VfsAction.WriteAll(),
                new VfsAction.Append(), new VfsAction.SyncAll(), new VfsAction.Read(), new VfsAction.ReadToEnd(),
                new VfsAction.ReadToString(), new VfsAction.ReadDir(), new VfsAction.RemoveFile(), new VfsAction.RemoveDir(),
                new VfsAction.RemoveDirAll(), new VfsAction.Metadata(), new VfsAction.Len(), new VfsAction.Hash(),
                new VfsAction.AddZip(), new VfsAction.DriveUsage());
        return Stream.concat(plain.map(action -> Arguments.of(action, '"' + action.getClass().getSimpleName() + '"')), Stream.of(
                Arguments.of(new VfsAction.OpenFile(true), "{\"OpenFile\":{\"create\":true}}"),
                Arguments.of(new VfsAction.ReadExact(-1), "{\"ReadExact\":{\"length\":18446744073709551615}}"),
                Arguments.of(new VfsAction.Seek(new Origin.Start(7)), "{\"Seek\":{\"Start\":7}}"),
                Arguments.of(new VfsAction.Seek(new Origin.End(-3)), "{\"Seek\":{\"End\":-3}}"),
                Arguments.of(new VfsAction.Seek(new Origin.Current(2)), "{\"Seek\":{\"Current\":2}}"),
                Arguments.of(new VfsAction.Rename("/a:b/c/d"), "{\"Rename\":{\"new_path\":\"/a:b/c/d\"}}"),
                Arguments.of(new VfsAction.CopyFile("/a:b/c/d"), "{\"CopyFile\":{\"new_path\":\"/a:b/c/d\"}}"),
                Arguments.of(new VfsAction.SetLen(9), "{\"SetLen\":9}")));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void anActionHasItsTextAndIsReadBack(VfsAction action, String json) {
        VfsRequest request = new VfsRequest("/a:b/pkg/x", action);
        assertEquals("{\"path\":\"/a:b/pkg/x\",\"action\":" + json + "}", new String(request.encode(), UTF_8));
        assertEquals(request, VfsRequest.parse(request.encode()));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(new VfsResponse.Done(), "\"Ok\""),
                Arguments.of(new VfsResponse.Read(), "\"Read\""),
                Arguments.of(new VfsResponse.Text("ü\n"), "{\"ReadToString\":\"ü\\n\"}"),
                Arguments.of(new VfsResponse.Listing(List.of(new Entry("p:n/d/f", FileType.FILE), new Entry("p:n/d/l", FileType.SYMLINK))),
                        "{\"ReadDir\":[{\"path\":\"p:n/d/f\",\"file_type\":\"File\"},{\"path\":\"p:n/d/l\",\"file_type\":\"Symlink\"}]}"),
                Arguments.of(new VfsResponse.SeekFrom(3), "{\"SeekFrom\":{\"new_offset\":3}}"),
                Arguments.of(new VfsResponse.Metadata(FileType.DIRECTORY, 4096), "{\"Metadata\":{\"file_type\":\"Directory\",\"len\":4096}}"),
                Arguments.of(new VfsResponse.Len(5), "{\"Len\":5}"),
                Arguments.of(new VfsResponse.Hash(new byte[] {0, -1}), "{\"Hash\":[0,255]}"),
                Arguments.of(new VfsResponse.DriveUsage(1, 2, 3, 4, 5),
                        "{\"DriveUsage\":{\"bytes\":1,\"entries\":2,\"max_bytes\":3,\"max_entries\":4,\"disk_free\":5}}"),
                Arguments.of(new VfsResponse.NoReadCap(), "{\"Err\":\"NoReadCap\"}"),
                Arguments.of(new VfsResponse.NoWriteCap(), "{\"Err\":\"NoWriteCap\"}"),
                Arguments.of(new VfsResponse.AddCapFailed(), "{\"Err\":\"AddCapFailed\"}"),
                Arguments.of(new VfsResponse.MalformedRequest(), "{\"Err\":\"MalformedRequest\"}"),
                Arguments.of(new VfsResponse.NoBlob(), "{\"Err\":\"NoBlob\"}"),
                Arguments.of(new VfsResponse.ParseError("no zip", "/a:b/c"), "{\"Err\":{\"ParseError\":{\"error\":\"no zip\",\"path\":\"/a:b/c\"}}}"),
                Arguments.of(new VfsResponse.IoError("x"), "{\"Err\":{\"IOError\":\"x\"}}"),
                Arguments.of(new VfsResponse.UnzipError(), "{\"Err\":\"UnzipError\"}"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerHasItsTextAndIsReadBack(VfsResponse answer, String json) {
        assertEquals(json, new String(answer.encode(), UTF_8));
        assertEquals(answer, VfsResponse.parse(answer.encode()));
        assertEquals(json.startsWith("{\"Err\""), answer.isError());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Nothing\"", "{\"OpenFile\":{}}", "\"OpenFile\"", "{\"Seek\":{\"Start\":-1}}", "{\"Seek\":{\"Middle\":1}}",
            "{\"Seek\":7}", "{\"SetLen\":\"7\"}", "{\"Rename\":\"/a:b/c\"}", "{\"Read\":7}", "{\"ReadExact\":{\"length\":1.5}}",
            "{\"Seek\":{\"End\":9223372036854775808}}", "null"})
    void whatIsNoActionIsRefused(String json) {
        assertThrows(CodecException.class,
                () -> VfsRequest.parse(("{\"path\":\"/a:b/c\",\"action\":" + json + "}").getBytes(UTF_8)));
    }
}
