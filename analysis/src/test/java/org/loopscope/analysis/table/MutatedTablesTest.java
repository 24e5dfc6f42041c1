package org.loopscope.analysis.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.loopscope.analysis.agreement.AnswerRow;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.depth.DepthRow;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.gate.GateRow;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.patch.PatchTable;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.profile.ProfileKind;
import org.loopscope.analysis.set.Scope;
import org.loopscope.analysis.sweep.SweepCurve.Quality;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.analysis.sweep.SweepRow;
import org.loopscope.model.base.LoopscopeException;

/**
 * Damaged tables, read by every reader of rows and shown as far as the analyses go: each is either accepted or refused in one
 * sentence of ours. The same damage on every machine.
 */
class MutatedTablesTest {
    private static final int CASES = 400;
    private static final List<String> CELLS = List.of(
            "",
            "-1",
            "0",
            "1",
            "65",
            "9999999",
            "2147483648",
            "99999999999999999999",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "0x1p3",
            "x",
            "true",
            "TRUE",
            "\u001b[31m",
            "\0",
            "=1+1",
            "'",
            "\"",
            "a,b",
            "\n",
            "\u202e",
            "é".repeat(200),
            "４");

    @TempDir
    private Path folder;

    /** Reads a file and computes what is shown of it. */
    private interface Reader {
        void read(Path file) throws LoopscopeException;
    }

    private record Lab(String name, String table, Reader reader) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Lab> labs() {
        return Stream.of(
                new Lab("sweep", sweep(), file -> SweepData.read(file)
                        .curve(Scope.PROMPT, Quality.AGREEMENT, Optional.empty())),
                new Lab("gate", gate(), file -> GateData.read(file)
                        .calibration(Optional.empty())
                        .toTable()),
                new Lab("kv", kv(), file -> KvTable.read(file).toTable()),
                new Lab("depth", depth(), file -> {
                    DepthData data = DepthData.read(file);
                    data.curve(data.mainScope(), Optional.empty());
                }),
                new Lab("profile", profile(), file -> {
                    Profile profile = Profile.read(file);
                    profile.toTable(profile.scopes().get(0), Optional.empty());
                }),
                new Lab("agreement", agreement(), file -> AnswerTable.read(file)
                        .agreement()
                        .toTable()),
                new Lab("linear", linear(), file -> ProbeRow.table(ProbeRow.read(file))),
                new Lab("patch", patch(), file -> PatchSummary.read(file).toTable()));
    }

    private static String lines(List<String> header, String... rows) {
        return String.join(",", header) + "\n" + String.join("\n", rows) + "\n";
    }

    private static String sweep() {
        return lines(
                SweepRow.COLUMNS,
                "1,a,prompt,fixed,1,4,4,2,1,,4,m,float32",
                "1,a,answer,q,0.5,2,4,2,2,1,4,m,float32",
                "2,\"b, c\",prompt,fixed,1,6,6,3,0,,4,m,float32",
                "3,,problem,,,0,0,0,0,,4,m,float32");
    }

    private static String gate() {
        return lines(
                GateRow.COLUMNS,
                "1,a,prompt,0,1,-1.5,0.18,,0.4,,0.7,3,m,float32",
                "1,a,prompt,0,2,1.5,0.82,0.4,0.1,0.7,0.4,3,m,float32",
                "2,,answer,5,1,0.1,0.52,,-0.2,,0.3,3,m,float32",
                "3,,problem,,,,,,,,,3,m,float32");
    }

    private static String kv() {
        return lines(
                KvTable.COLUMNS,
                "1,a,last-step,1,5,6,6,1,0.0,-0.5,-0.5,6,6,1,0,3,4,m,float32",
                "1,a,last-step,2,7,8,9,0,0.25,-0.5,-0.7,8,,1,0,3,4,m,float32",
                "1,a,averaged,2,7,8,8,1,0.2,-0.5,-0.7,8,8,1,1,3,4,m,float32",
                "2,,problem,,,,,,,,,,,,,3,4,m,float32");
    }

    private static String depth() {
        List<String> rows = new ArrayList<>();
        for (int prompt = 1; prompt <= 2; prompt++) {
            for (int t = 1; t <= 2; t++) {
                rows.add(prompt + ",g,answer," + t + ",0,4,3,0,4,2,1.5,0.4,0.1," + (t == 1 ? "" : "0.2")
                        + ",0.5,0.8,1.0," + t + ".0,0.38,4,2,m,float32");
            }
        }
        return lines(DepthRow.COLUMNS, rows.toArray(String[]::new));
    }

    private static String profile() {
        List<String> rows = new ArrayList<>();
        for (int prompt = 1; prompt <= 2; prompt++) {
            for (int t = 1; t <= 2; t++) {
                rows.add(
                        prompt + ",g,prompt," + t + ",,4,0.9,0.1,0.5,0.4,1,0.5,\"logit lens of step outputs, final norm"
                                + " applied once\",4,2,m,float32");
            }
        }
        return lines(ProfileKind.STEP_LENS.columns(), rows.toArray(String[]::new));
    }

    private static String agreement() {
        return lines(
                AnswerRow.table(2).names(),
                "1,\"who, \"\"x\"\"\",Eve,2,1,Ann,Eve,-2.5,-0.1,1,-2.5,-0.1,0,1,float32",
                "2,b,,1,0,Eve,Eve,,,,,,,,float32");
    }

    private static String linear() {
        return lines(
                ProbeRow.TABLE.names(),
                "step 1,1,,1,split" + ",8,2,0.5,0.75,0.5,0.9,0.6,0.3,0.8".concat(",0.5,0.3,0.7,0.5,0.3,0.7")
                        + ",20,0.5,0.4,0.6,0.25,0.5,0.1,float32",
                "gold,2,1,4,5-fold" + ",8,2,0.5,,,,0.6,0.3,0.8".concat(",,,,0.5,0.3,0.7") + ",20,,,,,0.5,-0.1,float32");
    }

    private static String patch() {
        return lines(
                Stream.concat(PatchTable.COLUMNS.stream(), Stream.of("compute_dtype"))
                        .toList(),
                "1,g,clean,state,1,,1,between,a,b,-1.0,-0.1,-3.0,0.7,2.0,0.5,true,1,-1.0,true,float32",
                "1,g,clean,loop skipped,2,,,,,,-1.0,-0.1,-3.0,,,,false,1,-1.0,false,float32",
                "2,g,clean,state,1,0,2,answer,a,b,-1.0,-0.1,-3.0,0.6,,,true,1,-1.0,true,float32");
    }

    @ParameterizedTest
    @MethodSource("labs")
    void aTableAsItShouldBeIsAccepted(Lab lab) throws IOException {
        assertEquals(Optional.empty(), refusal(lab, lab.table.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("labs")
    void aDamagedTableIsAcceptedOrRefusedInOneSentence(Lab lab) throws IOException {
        Random random = new Random(lab.name.hashCode());
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = damaged(lab.table, random);
            refused += refusal(lab, damaged).isPresent() ? 1 : 0;
        }
        assertTrue(refused > CASES / 4, lab + ": " + refused + " of " + CASES + " refused");
    }

    private Optional<String> refusal(Lab lab, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("t.csv"), bytes);
        try {
            lab.reader.read(file);
            return Optional.empty();
        } catch (LoopscopeException e) {
            String said = e.getMessage();
            assertTrue(said.length() <= 300, said);
            assertTrue(said.endsWith(".") || said.endsWith("?"), said);
            assertTrue(said.chars().noneMatch(Character::isISOControl), said);
            assertTrue(!said.matches("(?s).*(Exception|java\\.|org\\.|univocity|[a-z]\\.[A-Z]).*"), said);
            return Optional.of(said);
        } catch (RuntimeException | Error e) {
            return fail(lab + ", " + Arrays.toString(bytes), e);
        }
    }

    private static byte[] damaged(String table, Random random) {
        String text = table;
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            text = switch (random.nextInt(5)) {
                case 0, 1 -> cell(text, random);
                case 2 -> line(text, random);
                case 3 -> swapped(text, random);
                default -> text;
            };
        }
        byte[] bytes = text.getBytes(
                switch (random.nextInt(12)) {
                    case 0 -> StandardCharsets.UTF_16LE;
                    case 1 -> StandardCharsets.ISO_8859_1;
                    default -> StandardCharsets.UTF_8;
                });
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static String cell(String text, Random random) {
        String[] cells = text.split("(?<=[,\n])");
        int at = random.nextInt(cells.length);
        String end = cells[at].endsWith("\n") ? "\n" : ",";
        cells[at] = CELLS.get(random.nextInt(CELLS.size())) + end;
        return String.join("", cells);
    }

    private static String line(String text, Random random) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n")));
        int at = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(at, lines.get(at) + ",".repeat(random.nextInt(700)));
            case 3 -> lines.set(at, lines.get(at).replaceFirst(",", ",,"));
            default -> lines.set(at, lines.get(at) + "x".repeat(random.nextInt(150_000)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String swapped(String text, Random random) {
        String[] cells = text.split("(?<=[,\n])");
        int a = random.nextInt(cells.length);
        int b = random.nextInt(cells.length);
        String kept = cells[a];
        cells[a] = cells[b];
        cells[b] = kept;
        return String.join("", cells);
    }
}
