package org.loopscope.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.loopscope.bench.BenchResult;
import org.loopscope.bench.MachineInfo;
import org.loopscope.bench.Sample;
import org.loopscope.model.backend.BackendInfo;
import org.loopscope.model.base.ProgramVersion;

/** What {@code bench} measured, for people and for programs. */
record BenchOutput(MachineInfo machine, List<BenchResult> results) {
    ObjectNode json() {
        ObjectNode root = Json.object();
        root.set("machine", machineJson());
        ArrayNode array = Json.array();
        results.forEach(result -> array.add(resultJson(result)));
        root.set("results", array);
        return root;
    }

    private ObjectNode machineJson() {
        BackendInfo backend = machine.backend();
        ObjectNode environment = Json.object();
        machine.environment().forEach((name, value) -> {
            if (value.isEmpty()) {
                environment.putNull(name);
            } else {
                environment.put(name, value);
            }
        });
        ObjectNode node = Json.object()
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("memory_bytes", machine.memoryBytes())
                .put("java", machine.java())
                .put("os", machine.os())
                .put("backend", backend.name())
                .put("device", backend.device())
                .put("nd4j_version", backend.nd4jVersion())
                .put("openblas", backend.blas())
                .put("openblas_core", backend.blasCore())
                .put("openblas_threads", backend.blasThreads())
                .put("program_version", ProgramVersion.get());
        Json.put(node, "load_average", machine.loadAverage() < 0 ? Double.NaN : machine.loadAverage());
        node.set("environment", environment);
        return node;
    }

    private static ObjectNode resultJson(BenchResult result) {
        Sample sample = result.sample();
        ObjectNode node = Json.object()
                .put("name", result.name())
                .put("shape", result.shape())
                .put("precision", result.precision().cliName());
        Json.put(node, "median", sample.median());
        node.put("unit", result.unit());
        Json.put(node, "limit", result.limit());
        Json.put(node, "ratio", result.ratio());
        Json.put(node, "min", sample.min());
        Json.put(node, "max", sample.max());
        node.put("runs", sample.runs())
                .put("limit_source", result.limitSource())
                .put("note", result.note());
        ObjectNode details = Json.object();
        result.details().forEach((name, value) -> Json.put(details, name, value));
        node.set("details", details);
        return node;
    }

    void print(PrintWriter out) {
        printMachine(out);
        out.println();
        TextTable table = new TextTable()
                .left("name")
                .left("shape")
                .left("precision")
                .right("median")
                .right("min")
                .right("max")
                .left("unit")
                .right("runs")
                .right("limit")
                .right("ratio");
        results.forEach(result -> table.row(cells(result)));
        table.print(out);
        out.println();
        out.println("ratio = limit / median: 1 is what the limit allows, less is slower.");
        for (BenchResult result : results) {
            out.println();
            out.println(result.name() + " of " + result.shape() + ", "
                    + result.precision().cliName() + ": " + result.note() + ".");
            out.println("  limit: " + result.limitSource() + ".");
            out.println("  " + details(result.details()) + ".");
        }
        out.flush();
    }

    private void printMachine(PrintWriter out) {
        BackendInfo backend = machine.backend();
        out.println("Processor    " + machine.processor() + ", " + machine.cores() + " cores");
        out.println("Memory       " + number(machine.memoryBytes() / 1e9) + " GB");
        out.println("System       " + machine.os() + ", " + machine.java());
        out.println("Load         " + (machine.loadAverage() < 0 ? "unknown" : number(machine.loadAverage()))
                + " in the minute before");
        out.println("Backend      " + backend.name() + (backend.device().isEmpty() ? "" : ", " + backend.device())
                + ", ND4J " + backend.nd4jVersion());
        out.println("BLAS         " + backend.blas());
        out.println("             kernels for " + backend.blasCore() + ", " + backend.blasThreads() + " threads");
        out.println("Environment  "
                + machine.environment().entrySet().stream()
                        .map(e -> e.getKey() + (e.getValue().isEmpty() ? " not set" : "=" + e.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    private static List<String> cells(BenchResult result) {
        Sample sample = result.sample();
        return List.of(
                result.name(),
                result.shape(),
                result.precision().cliName(),
                number(sample.median()),
                number(sample.min()),
                number(sample.max()),
                result.unit(),
                String.valueOf(sample.runs()),
                number(result.limit()),
                number(result.ratio()));
    }

    private static String details(Map<String, Double> details) {
        return details.entrySet().stream()
                .map(e -> e.getKey() + " " + number(e.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Three digits that count, never in powers of ten. */
    static String number(double x) {
        if (!Double.isFinite(x)) {
            return "-";
        }
        double size = Math.abs(x);
        int digits =
                size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : size >= 0.01 ? 4 : 5;
        return String.format(Locale.ROOT, "%,." + digits + "f", x);
    }
}
