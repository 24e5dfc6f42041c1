package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTest {
    private final List<String> asked = new ArrayList<>();

    private void ask(long address, long bytes) {
        HugePages.ask(
                (first, length, advice) -> {
                    asked.add(first + " " + length + " " + advice);
                    return 0;
                },
                address,
                bytes);
    }

    @Test
    void onlyPagesThatLieWhollyInTheMemoryAreAskedFor() {
        long page = HugePages.SIZE;
        ask(page, 3 * page);
        ask(page + 1, 3 * page); // the first and the last page are cut
        ask(page - 1, 3 * page);
        assertEquals(
                List.of(
                        page + " " + 3 * page + " 14",
                        2 * page + " " + 2 * page + " 14",
                        page + " " + 2 * page + " 14"),
                asked);
    }

    @Test
    void memoryWithoutAWholePageIsLeftAlone() {
        ask(1, HugePages.SIZE);
        ask(HugePages.SIZE, HugePages.SIZE - 1);
        assertEquals(List.of(), asked);
    }
}
