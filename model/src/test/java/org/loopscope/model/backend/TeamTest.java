package org.loopscope.model.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TeamTest {
    private final Team team = new Team(3);

    @Test
    void everyPartIsDoneOnceHoweverOften() {
        for (int round = 0; round < 5_000; round++) {
            int parts = 1 + round % 9;
            AtomicIntegerArray times = new AtomicIntegerArray(parts);
            team.run(parts, times::incrementAndGet);
            for (int part = 0; part < parts; part++) {
                assertEquals(1, times.get(part), "part " + part + " of " + parts + " in round " + round);
            }
        }
    }

    @Test
    void partsAreDoneAtTheSameTime() {
        CyclicBarrier all = new CyclicBarrier(3); // no part ends before three have begun
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        team.run(3, part -> {
            threads.add(Thread.currentThread());
            pass(all);
        });
        assertEquals(3, threads.size());
    }

    private static void pass(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other parts did not begin", e);
        }
    }

    @Test
    void whatAPartThrowsIsThrownAndTheTeamGoesOn() {
        IllegalStateException failure = new IllegalStateException("part 1");
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> team.run(4, part -> {
                    if (part == 1) {
                        throw failure;
                    }
                }));
        assertSame(failure, thrown);
        AtomicInteger done = new AtomicInteger();
        team.run(4, part -> done.incrementAndGet());
        assertEquals(4, done.get());
    }

    @Test
    void workWithinWorkIsDoneByTheThreadThatGivesIt() {
        AtomicInteger strangers = new AtomicInteger();
        team.run(3, part -> {
            Thread giver = Thread.currentThread();
            team.run(5, inner -> {
                if (Thread.currentThread() != giver) {
                    strangers.incrementAndGet();
                }
            });
        });
        assertEquals(0, strangers.get());
    }

    @Test
    void workOfAnotherThreadDoesNotWaitForTheTeam() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread busy = new Thread(() -> team.run(2, part -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        busy.start();
        begun.await();
        AtomicInteger done = new AtomicInteger();
        team.run(4, part -> done.incrementAndGet());
        assertEquals(4, done.get());
        assertTrue(busy.isAlive());
        release.countDown();
        busy.join();
        assertFalse(busy.isAlive());
    }
}
