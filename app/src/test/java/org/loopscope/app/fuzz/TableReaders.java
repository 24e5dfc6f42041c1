package org.loopscope.app.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loopscope.analysis.agreement.AnswerTable;
import org.loopscope.analysis.depth.DepthData;
import org.loopscope.analysis.gate.GateData;
import org.loopscope.analysis.kv.KvTable;
import org.loopscope.analysis.patch.PatchSummary;
import org.loopscope.analysis.probe.ProbeRow;
import org.loopscope.analysis.profile.Profile;
import org.loopscope.analysis.sweep.SweepData;
import org.loopscope.model.base.LoopscopeException;

/** Result tables read back: what is accepted is shown as the commands and the window show it, figures included. */
final class TableReaders {
    private static final int SHOWN = 3; // of so many cases one is shown whole; its reading alone is quicker
    private static final int DRAWN = 24;

    private final Path folder;
    private final Seeds seeds;
    private final Commands commands;

    TableReaders(Path folder, Seeds seeds) {
        this.folder = folder;
        this.seeds = seeds;
        this.commands = new Commands(folder);
    }

    List<FuzzReader> list() {
        List<FuzzReader> list = new ArrayList<>();
        list.add(table("sweep", SweepData::read, "sweep"));
        list.add(table("gate", GateData::read, "gate"));
        list.add(table("kv", KvTable::read, "kv"));
        list.add(table("depth", DepthData::read, "depth"));
        list.add(table("geometry", Profile::read, "probe", "geometry"));
        list.add(table("lens", Profile::read, "probe", "lens"));
        list.add(table("agreement", AnswerTable::read, "probe", "agreement"));
        list.add(table("linear", ProbeRow::read, "probe", "linear"));
        list.add(table("patch", PatchSummary::read, "probe", "patch"));
        return list;
    }

    /** What only reads a table. */
    private interface Plain {
        Object read(Path file) throws LoopscopeException;
    }

    private FuzzReader table(String name, Plain plain, String... command) {
        return reader(name, (file, number) -> {
            plain.read(file);
            if (number % SHOWN == 0) {
                List<Object> words = new ArrayList<>(List.of((Object[]) command));
                words.addAll(List.of("--read", file));
                if (number % DRAWN == 0) {
                    words.addAll(List.of("--figure", folder.resolve("figure.svg")));
                }
                commands.use(words.toArray());
            }
        });
    }

    private FuzzReader reader(String name, FuzzReader.Read read) {
        return new FuzzReader(
                "table-" + name, 300, List.of(seeds.table(name)), folder.resolve("table-" + name + ".csv"), read);
    }
}
