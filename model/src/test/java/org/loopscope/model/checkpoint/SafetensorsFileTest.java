package org.loopscope.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.support.Golden;
import org.loopscope.model.support.RawSafetensors;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    private String refusal(String header, int dataBytes) {
        return refusal(RawSafetensors.write(folder.resolve("x.safetensors"), header, dataBytes));
    }

    private static String refusal(Path file) {
        return assertThrows(LoopscopeException.class, () -> SafetensorsFile.open(file)
                        .close())
                .getMessage();
    }

    @Test
    void aGoodFileGivesNamesShapesTypesMetadataAndValues() throws LoopscopeException {
        byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 7, 0, 0, 0, 0, 0, 0, 0};
        byte[] header = """
                {"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
                "b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}} \s\s""".getBytes(StandardCharsets.UTF_8);
        Path path = RawSafetensors.write(folder.resolve("x.safetensors"), header.length, header, data);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(
                    List.of("a", "b"),
                    file.tensors().stream().map(TensorInfo::name).toList());
            assertEquals("v", file.metadata().get("k"));
            float[] values = new float[3];
            file.readFloat32("a", values, 1);
            assertArrayEquals(new float[] {0, 1, -2}, values);
            assertEquals(7, file.bytes("b").getLong());
            assertEquals(List.of(), file.tensor("b").shape());
        }
    }

    @Test
    void theGoldenSetsOpenAndHoldWhatTheirReadmeSays() throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("golden/mha/expected.safetensors"))) {
            assertEquals(List.of(4L, 3L, 20L, 32L), file.tensor("layer_states").shape());
            assertEquals(DType.F32, file.tensor("layer_states").dtype());
            assertEquals(List.of(20L), file.tensor("input_ids").shape());
        }
    }

    @Test
    void aTensorThatIsNotThereIsNamed() throws LoopscopeException {
        Path path = RawSafetensors.write(folder.resolve("x.safetensors"), "{}", 0);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(
                    "w in x.safetensors: expected this tensor, found none.",
                    assertThrows(LoopscopeException.class, () -> file.bytes("w"))
                            .getMessage());
        }
    }

    @Test
    void anAbsentFileIsTold() {
        assertEquals(
                "no.safetensors: expected a safetensors file, found no such file.",
                refusal(folder.resolve("no.safetensors")));
    }

    @Test
    void aFileShorterThanItsLengthFieldIsTold() throws IOException {
        Path file = Files.write(folder.resolve("x.safetensors"), new byte[3]);
        assertEquals("x.safetensors: expected at least 8 bytes of a safetensors file, found 3.", refusal(file));
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "1, 1", "-1, 18446744073709551615", "9000000000000000000, 9000000000000000000"})
    void aHeaderLengthThatTheFileCannotHoldIsTold(long length, String shown) {
        Path file = RawSafetensors.write(folder.resolve("x.safetensors"), length, new byte[] {'{', '}'}, new byte[0]);
        assertEquals(
                "x.safetensors: expected a header of 2 to 2 bytes, found a header length of " + shown + ".",
                refusal(file));
    }

    @Test
    void aGitLfsPointerIsRecognised() throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n");
        assertEquals(
                "x.safetensors: expected tensors, found a Git LFS pointer of 64 bytes; fetch the file itself with \"git lfs pull\".",
                refusal(file));
    }

    @Test
    void aLinkWrittenOutAsTextIsRecognised() throws IOException {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "../../blobs/" + "ab".repeat(32) + "\n");
        assertEquals(
                "x.safetensors: expected tensors, found a link written out as text (../../blobs/" + "ab".repeat(23)
                        + "a…), as a copy without links leaves it; copy the file itself.",
                refusal(file));
    }

    @Test
    void aTensorOfATypeThatIsNotKnownIsRefusedOnlyWhereItIsRead() throws LoopscopeException {
        Path path = RawSafetensors.write(
                folder.resolve("x.safetensors"),
                "{\"new\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[4,6]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                6);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(java.util.Set.of("a", "new"), file.names());
            assertEquals(1, file.tensors().size());
            assertEquals(
                    "new in x.safetensors: expected F32, F16 or BF16, found F4.",
                    assertThrows(LoopscopeException.class, () -> file.tensor("new"))
                            .getMessage());
        }
    }

    @Test
    void aHeaderThatIsCutOffIsNoJson() {
        String sentence = refusal("{\"a\":{\"dtype\":\"F32\"", 0);
        assertTrue(
                sentence.startsWith("x.safetensors: expected a header in JSON, found JSON that ends too early at"),
                sentence);
    }

    @Test
    void aHeaderThatIsNoObjectIsTold() {
        assertEquals("x.safetensors: expected the header to be a JSON object, found array.", refusal("[1]", 0));
    }

    @Test
    void aNameThatComesTwiceIsTold() {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        assertEquals(
                "x.safetensors: expected a header in JSON, found the same key twice at line 1, column 58.",
                refusal("{" + a + "," + a + "}", 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'dtype':'F 4','shape':[1],'data_offsets':[0,4]} | expected a dtype, found \"F 4\".",
                "{'shape':[1],'data_offsets':[0,4]} | expected a dtype, found none.",
                "7 | expected a dtype, found none.",
                "{'dtype':'F32','shape':[-1],'data_offsets':[0,4]} | expected a shape of whole numbers from 0, found [-1].",
                "{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]} | expected a shape of whole numbers from 0, found [1.5].",
                "{'dtype':'F32','shape':1,'data_offsets':[0,4]} | expected a shape of whole numbers from 0, found 1.",
                "{'dtype':'F32','shape':[1],'data_offsets':[0]} | expected two data_offsets, the first not after the second, found [0].",
                "{'dtype':'F32','shape':[1],'data_offsets':[4,0]} | expected two data_offsets, the first not after the second, found [4,0].",
                "{'dtype':'F32','shape':[1],'data_offsets':[-4,0]} | expected two data_offsets from 0, found [-4,0].",
                "{'dtype':'F32','shape':[2],'data_offsets':[0,4]} | expected 8 bytes for F32 [2], found 4.",
                "{'dtype':'F64','shape':[4294967296,4294967296],'data_offsets':[0,4]} "
                        + "| expected a shape that fits the file, found [4294967296, 4294967296].",
                "{'dtype':'F32','shape':[2],'data_offsets':[0,8]} | expected its data to end by byte 4 of the data, "
                        + "found that it ends at 8; the file is cut short or its header is wrong.",
                "{'dtype':'I8','shape':[3],'data_offsets':[1,4]} | expected its data to start at byte 0 of the data, "
                        + "found 1; there is a hole before it.",
            })
    void aTensorThatItsHeaderDescribesWronglyIsTold(String entry, String sentence) {
        String header = "{\"w\":" + entry.replace('\'', '"') + "}";
        assertEquals("w in x.safetensors: " + sentence, refusal(header, 4));
    }

    @Test
    void tensorsThatOverlapAreTold() {
        String header = """
                {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""";
        assertEquals(
                "b in x.safetensors: expected its data to start at byte 8 of the data, found 4; it overlaps another tensor.",
                refusal(header, 12));
    }

    @Test
    void dataThatNoTensorDescribesIsTold() {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        assertEquals("x.safetensors: expected 4 bytes of data after the header, found 9.", refusal(header, 9));
    }

    @Test
    void metadataThatIsNoTextIsTold() {
        assertEquals(
                "x.safetensors: expected a text under __metadata__.k, found 1.",
                refusal("{\"__metadata__\":{\"k\":1}}", 0));
    }

    @Test
    void metadataThatIsNullIsNone() throws LoopscopeException {
        Path path = RawSafetensors.write(folder.resolve("x.safetensors"), "{\"__metadata__\":null}", 0);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(Map.of(), file.metadata());
        }
    }

    @Test
    void moreTextBehindTheHeaderIsTold() {
        assertTrue(refusal("{}{}", 0).contains("found more text behind the end of the value at line 1"));
    }

    @Test
    void anEmptyTensorIsAllowed() throws LoopscopeException {
        Path path = RawSafetensors.write(
                folder.resolve("x.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}",
                0);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            file.readFloat32("a", FloatBuffer.allocate(0));
            assertEquals(0, file.tensor("a").elements());
        }
    }

    @Test
    void aTensorOfAnotherTypeIsNotWidened() throws LoopscopeException {
        Path path = RawSafetensors.write(
                folder.resolve("x.safetensors"), "{\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(
                    "a in x.safetensors: expected F32, F16 or BF16, found I32.",
                    assertThrows(LoopscopeException.class, () -> file.readFloat32("a", new float[1], 0))
                            .getMessage());
        }
    }

    @Test
    void aTargetWithoutRoomIsACallersMistake() throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("golden/mha/model.safetensors"))) {
            assertThrows(IllegalArgumentException.class, () -> file.readFloat32("model.norm.weight", new float[32], 1));
        }
    }

    @Test
    void bytesAreAViewThatCannotBeWritten() throws LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("golden/mha/model.safetensors"))) {
            ByteBuffer bytes = file.bytes("model.norm.weight");
            assertTrue(bytes.isReadOnly() && bytes.isDirect());
        }
    }

    /** A file of one F32 tensor of 2.4 GB that takes no room on disk: only its last number is written. */
    private Path largeFile() throws IOException {
        long elements = 600_000_000L;
        byte[] header = ("{\"big\":{\"dtype\":\"F32\",\"shape\":[" + elements + "],\"data_offsets\":[0," + 4 * elements
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        Path path = RawSafetensors.write(folder.resolve("x.safetensors"), header.length, header, new byte[0]);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f});
            channel.write(last, 8 + header.length + 4 * elements - 4);
        }
        return path;
    }

    @Test
    void aTensorThatIsTooLargeToMapIsTold() throws IOException, LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(largeFile())) {
            assertEquals(
                    "big in x.safetensors: expected a tensor of at most 2147483647 bytes, found 2400000000.",
                    assertThrows(LoopscopeException.class, () -> file.bytes("big"))
                            .getMessage());
        }
    }

    @Test
    void partOfATensorThatIsTooLargeToMapCanBeRead() throws IOException, LoopscopeException {
        try (SafetensorsFile file = SafetensorsFile.open(largeFile())) {
            float[] values = new float[4];
            file.readFloat32("big", 600_000_000L - 2, 2, values, 1);
            assertArrayEquals(new float[] {0, 0, 1, 0}, values);
            assertThrows(
                    IndexOutOfBoundsException.class, () -> file.readFloat32("big", 600_000_000L - 1, 2, values, 0));
        }
    }
}
