package org.loopscope.app.kill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is killed while it works goes on where it stopped, and ends with the same bytes. See docs/reliability.md. */
class KillTest {
    @TempDir
    Path folder;

    private Kills killed(KillCase of, int times, long seed) throws IOException, InterruptedException {
        Kills kills = new Kills(of, folder.resolve(of.name().replace(' ', '-')), folder.resolve("home"));
        kills.run(times, seed);
        return kills;
    }

    @Test
    void aSweepThatIsKilledGoesOnToTheSameBytes() throws Exception {
        Path set = Files.writeString(folder.resolve("set.jsonl"), """
                {"prompt": "people Mia's friend is", "answer": "Eve"}
                {"prompt": "people Max's neighbour is", "answer": "Ben"}
                {"prompt": "people Ivy's boss is", "answer": "Gus"}
                """.repeat(4));
        killed(KillCase.resumed("sweep", "--set", set.toString()), 1, 1);
    }

    /** The long form: -Dkill.times gives the kills of each command, -Dkill.seed other moments. */
    @Tag("endurance")
    @Test
    void everyCommandIsKilledManyTimes() throws Exception {
        int times = Integer.getInteger("kill.times", 25);
        StringBuilder table = new StringBuilder("| command | kills | with rows kept | compared byte by byte | lost |\n"
                + "| --- | ---: | ---: | ---: | ---: |\n");
        int all = 0;
        for (KillCase of : KillCase.ALL) {
            Kills kills = killed(of, times, Long.getLong("kill.seed", 1));
            table.append(kills.line());
            all += kills.kills();
            System.out.println(kills.line().strip());
        }
        Files.createDirectories(Path.of("target", "kill"));
        Files.writeString(Path.of("target", "kill", "long.md"), table);
        System.out.println(table);
        assertTrue(all >= times * KillCase.ALL.size(), table.toString());
    }
}
