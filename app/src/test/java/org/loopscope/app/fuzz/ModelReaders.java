package org.loopscope.app.fuzz;

import static org.loopscope.app.fuzz.Seed.Format.JSON;
import static org.loopscope.app.fuzz.Seed.Format.SAFETENSORS;
import static org.loopscope.app.fuzz.Seed.Format.TEXT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.loopscope.analysis.depth.DepthCurve;
import org.loopscope.analysis.depth.TokenDepth;
import org.loopscope.analysis.geometry.EffectiveRank;
import org.loopscope.analysis.geometry.LayerGeometry;
import org.loopscope.analysis.lens.LogitLens;
import org.loopscope.analysis.lens.NonFiniteLogitsException;
import org.loopscope.analysis.lens.tuned.TunedLens;
import org.loopscope.analysis.lens.tuned.TunedLensFile;
import org.loopscope.analysis.run.ExitTables;
import org.loopscope.analysis.run.GateDiagnosis;
import org.loopscope.analysis.run.Inspection;
import org.loopscope.app.panels.PanelRegistry;
import org.loopscope.app.report.HtmlReport;
import org.loopscope.model.Capture;
import org.loopscope.model.LoopedModel;
import org.loopscope.model.RunOptions;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;
import org.loopscope.model.capture.CaptureFile;
import org.loopscope.model.chat.ChatFormat;
import org.loopscope.model.checkpoint.Checkpoint;
import org.loopscope.model.checkpoint.ConfigReader;
import org.loopscope.model.checkpoint.SafetensorsFile;
import org.loopscope.model.checkpoint.TensorInfo;
import org.loopscope.model.exit.ExitRule;
import org.loopscope.model.open.Models;
import org.loopscope.model.tokenizer.HuggingFaceTokenizer;
import org.loopscope.plugin.PanelProvider;

/** Model folders, captures and lenses. What is accepted is read to its end, run, and looked at. */
final class ModelReaders implements AutoCloseable {
    private static final int RUN = 40; // of so many accepted models one is opened and run
    private static final int REPORTED = 40; // of so many accepted captures one goes into a whole report
    private static final int TOKENIZER_SHARE = 40; // each that looks sound is tried in a process of its own
    private static final RunControl CONTROL = RunControl.none();
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String GENERATION = "{\"bos_token_id\": 1, \"eos_token_id\": [0, 2], \"do_sample\": true,"
            + " \"temperature\": 0.7, \"transformers_version\": \"4.55.0\"}";
    private static final String TEMPLATE = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' +"
            + " m.content | trim }}{% if not loop.last %}{{ eos_token }}{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\\n{% endif %}";
    private static final String LONG_TEMPLATE = "{%- macro say(x, n=2) -%}{{ x[:n] ~ \"!\" }}{%- endmacro -%}\n"
            + "{% set ns = namespace(last=-1) %}{% for m in messages[::-1] %}{% set ns.last = loop.index0 %}"
            + "{% if m.role == 'user' and m.content is string %}{{ say(m.content | upper) }}{% elif m is mapping %}"
            + "{{ m | tojson }}{% else %}{{ raise_exception('odd ' + m.role) }}{% endif %}{% endfor %}"
            + "{{ range(3) | join(', ') }}{{ (1 + 2) * 3 // 2 % 5 }}";
    private static final String TOKENIZER_CONFIG = "{\"add_bos_token\": false, \"bos_token\": \"<s>\", \"eos_token\":"
            + " {\"content\": \"</s>\", \"lstrip\": false}, \"chat_template\": \""
            + TEMPLATE.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\", \"model_max_length\": 1e30}";

    private static final String ADDED = "\"added_tokens\": [{\"id\": 0, \"content\": \"<s>\", \"single_word\": false,"
            + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}]";
    private static final String WORDS =
            "{\"version\": \"1.0\", " + ADDED + ", \"pre_tokenizer\": {\"type\": \"Whitespace\"},"
                    + " \"normalizer\": {\"type\": \"Lowercase\"}, \"model\": {\"type\": \"WordLevel\", \"unk_token\": \"?\","
                    + " \"vocab\": {\"<s>\": 0, \"a\": 1, \"b\": 2, \"c\": 3, \"?\": 4}}, \"post_processor\": {\"type\":"
                    + " \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}, {\"Sequence\":"
                    + " {\"id\": \"A\", \"type_id\": 0}}], \"pair\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}],"
                    + " \"special_tokens\": {\"<s>\": {\"id\": \"<s>\", \"ids\": [0], \"tokens\": [\"<s>\"]}}}}";
    private static final String BYTE_PAIRS = "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, " + ADDED
            + ", \"normalizer\": {\"type\": \"NFC\"}, \"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\":"
            + " [{\"type\": \"Split\", \"pattern\": {\"Regex\": \"[a-z]+|\\\\d\"}, \"behavior\": \"Isolated\", \"invert\":"
            + " false}, {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}]},"
            + " \"decoder\": {\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\":"
            + " true}, \"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": \"<s>\", \"continuing_subword_prefix\":"
            + " null, \"fuse_unk\": true, \"vocab\": {\"<s>\": 0, \"a\": 1, \"b\": 2, \"ab\": 3, \"\u0120\": 4, \"c\": 5},"
            + " \"merges\": [\"a b\"]}}";
    private static final String UNIGRAM =
            "{\"version\": \"1.0\", " + ADDED + ", \"normalizer\": {\"type\": \"Replace\","
                    + " \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}, \"decoder\": {\"type\": \"Fuse\"}, \"model\":"
                    + " {\"type\": \"Unigram\", \"unk_id\": 1, \"byte_fallback\": false, \"vocab\": [[\"<s>\", 0.0], [\"<unk>\", 0.0],"
                    + " [\"a\", -1.5], [\"b\", -2.0], [\"\u2581\", -2.5], [\"c\", -3.0]]}}";

    private final Path folder;
    private final Seeds seeds;
    private final LoopedModel tiny;
    private final List<PanelProvider> panels = PanelRegistry.load((sentence, cause) -> {});
    private final Capture plain;

    ModelReaders(Path folder, Seeds seeds) throws IOException, LoopscopeException {
        this.folder = folder;
        this.seeds = seeds;
        this.tiny = Models.open(seeds.model().toString(), CONTROL);
        this.plain = tiny.run(new int[] {1, 2, 3}, RunOptions.steps(2).withLayers(true), CONTROL);
    }

    List<FuzzReader> list() throws IOException {
        byte[] config = Files.readAllBytes(seeds.model().resolve(CONFIG));
        byte[] weights = Files.readAllBytes(seeds.model().resolve(WEIGHTS));
        List<Seed> captures = seeds.captures();
        Seed lens = seeds.tunedLens();
        List<FuzzReader> list = new ArrayList<>();
        list.add(new FuzzReader(
                "safetensors",
                6000,
                Stream.concat(Stream.of(captures.get(0), lens), Stream.of(new Seed(SAFETENSORS, weights)))
                        .toList(),
                folder.resolve("any.safetensors"),
                (file, number) -> safetensors(file)));
        list.add(inFolder("weights", 2000, new Seed(SAFETENSORS, weights), WEIGHTS, this::model));
        list.add(inFolder("index", 1500, Seed.of(JSON, index(weights)), INDEX, this::model));
        list.add(inFolder("config", 2500, new Seed(JSON, config), CONFIG, this::model));
        Path generation = Files.createDirectories(folder.resolve("model-generation-config"));
        Files.writeString(generation.resolve("chat_template.jinja"), TEMPLATE);
        list.add(inFolder("generation-config", 800, Seed.of(JSON, GENERATION), "generation_config.json", this::chat));
        list.add(inFolder(
                "tokenizer-config", 800, Seed.of(JSON, TOKENIZER_CONFIG), "tokenizer_config.json", this::chat));
        list.add(inFolder("chat-template", 1200, Seed.of(TEXT, TEMPLATE), "chat_template.jinja", this::chat));
        list.add(inFolder("long-template", 1200, Seed.of(TEXT, LONG_TEMPLATE), "chat_template.jinja", this::chat));
        list.add(
                0,
                new FuzzReader(
                        "tokenizer",
                        TOKENIZER_SHARE,
                        List.of(Seed.of(JSON, WORDS), Seed.of(JSON, BYTE_PAIRS), Seed.of(JSON, UNIGRAM)),
                        Files.createDirectories(folder.resolve("tokenizer")).resolve("tokenizer.json"),
                        (file, number) -> tokenizer(file)));
        list.add(new FuzzReader("capture", 3000, captures, folder.resolve("capture.safetensors"), this::capture));
        list.add(new FuzzReader("tuned-lens", 1500, List.of(lens), folder.resolve("lens.safetensors"), this::lens));
        return list;
    }

    /** An index of the one file, with every tensor. */
    private static String index(byte[] weights) {
        StringBuilder map = new StringBuilder();
        var names = java.util.regex.Pattern.compile("\"([^\"]+)\":\\{\"dtype\"")
                .matcher(SafetensorsMutations.header(weights));
        while (names.find()) {
            map.append(map.length() == 0 ? "" : ",\n")
                    .append('"')
                    .append(names.group(1))
                    .append("\": \"part.safetensors\"");
        }
        return "{\"metadata\": {\"total_size\": 12345},\n\"weight_map\": {" + map + "}}";
    }

    private static void tokenizer(Path file) throws LoopscopeException {
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.load(file);
        for (String text : List.of("a b c", "Ab 1\u00e9\ud83d\ude00", "")) {
            int[] ids = tokenizer.addedTokens().around(tokenizer.encode(text));
            tokenizer.decode(ids);
            for (int id : ids) {
                tokenizer.tokenText(id);
            }
        }
    }

    private interface OfFolder {
        void read(Path folder, long number) throws Exception;
    }

    /** A reader of one file in a model folder of its own; the others stay whole. */
    private FuzzReader inFolder(String name, int share, Seed seed, String file, OfFolder read) throws IOException {
        Path own = Files.createDirectories(folder.resolve("model-" + name));
        Files.copy(seeds.model().resolve(CONFIG), own.resolve(CONFIG));
        String weights = file.equals(INDEX) ? "part.safetensors" : WEIGHTS;
        Files.copy(seeds.model().resolve(WEIGHTS), own.resolve(weights));
        return new FuzzReader(
                name, share, List.of(seed), own.resolve(file), (mutated, number) -> read.read(own, number));
    }

    private static void safetensors(Path file) throws LoopscopeException {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            for (TensorInfo tensor : opened.tensors()) {
                opened.bytes(tensor.name());
            }
            opened.metadata();
        }
    }

    private void model(Path model, long number) throws Exception {
        ConfigReader.read(model.resolve(CONFIG));
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            Sentences.requireOurs(checkpoint.warnings());
            checkpoint.weightHash(CONTROL);
            for (TensorInfo tensor : checkpoint.tensors()) {
                checkpoint.readFloat32(tensor.name());
            }
        }
        if (number % RUN == 0) {
            try (LoopedModel opened = Models.open(model.toString(), CONTROL)) {
                int last = Math.min(3, opened.config().vocabSize()) - 1;
                Capture capture = opened.run(new int[] {0, last}, RunOptions.steps(2), CONTROL);
                Inspection.of(capture, opened, 1, CONTROL);
            } catch (NonFiniteLogitsException e) {
                throw new Commands.Refusal(String.valueOf(e.getMessage()));
            }
        }
    }

    private void chat(Path model, long number) throws Exception {
        ChatFormat chat = ChatFormat.of(model, tiny.config(), Optional.empty());
        Sentences.requireOurs(chat.warnings());
        Sentences.requireOurs(chat.problem().stream().toList());
        chat.endTokens(true).text();
        chat.endTokens(false).text();
        chat.prompt("How many \u00e4pples?");
    }

    private void capture(Path file, long number) throws Exception {
        Capture capture = CaptureFile.read(file, CONTROL);
        if (!capture.model().weightHash().equals(tiny.info().weightHash())) {
            return; // of another model: the commands refuse it
        }
        if (number % REPORTED == 0) {
            new Commands(folder).use("lens", file, "--model", seeds.model());
        }
        try {
            look(capture, number);
        } catch (NonFiniteLogitsException e) {
            throw new Commands.Refusal(String.valueOf(e.getMessage()));
        }
    }

    private void look(Capture capture, long number) throws Exception {
        capture.problem().ifPresent(sentence -> {});
        ExitRule rule = ExitRule.parse("q:0.5");
        Inspection seen =
                Inspection.of(capture, tiny, Math.min(3, capture.config().vocabSize()), CONTROL);
        DepthCurve.ofRun(seen.lens()).toTable();
        TokenDepth.table(seen.lens());
        ExitTables.steps(seen, rule);
        ExitTables.signals(seen);
        ExitTables.summary(seen, rule);
        GateDiagnosis.of(seen);
        EffectiveRank.ofSteps(capture, CONTROL);
        if (capture.hasLayerStates()) {
            LogitLens.layers(capture, tiny.unembedding(), 2, CONTROL);
            LayerGeometry.of(capture, CONTROL);
        }
        if (number % REPORTED == 0) {
            new HtmlReport(seen, rule, panels, List.of()).html(CONTROL);
        }
    }

    private void lens(Path file, long number) throws Exception {
        TunedLens lens = TunedLensFile.read(file);
        lens.requireModelOf(plain, file.toString());
        lens.statement(plain);
        try {
            lens.read(plain, tiny.unembedding(), Optional.empty(), 2, CONTROL);
        } catch (NonFiniteLogitsException e) {
            throw new Commands.Refusal(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        tiny.close();
    }
}
