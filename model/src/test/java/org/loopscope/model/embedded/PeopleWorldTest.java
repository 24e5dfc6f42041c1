package org.loopscope.model.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleWorldTest {
    /** The answers that the trained model gives with probability above 0.99, from reference_outputs.json. */
    @ParameterizedTest
    @CsvSource({
        "friend, Pia",
        "friend boss teacher, Amy",
        "friend boss teacher neighbour friend boss, Mia",
    })
    void theRelationsAreThoseThatTheModelWasTrainedOn(String relations, String last) {
        List<String> met = PeopleWorld.follow("Ann", List.of(relations.split(" ")));
        assertEquals(last, met.get(met.size() - 1));
    }

    @Test
    void thePeopleOfTheWelcomePromptAreMetInTurn() {
        assertEquals(
                List.of("Pia", "Sue", "Amy", "Ray", "Kim", "Dan"),
                PeopleWorld.follow("Ann", List.of("friend", "boss", "teacher", "neighbour", "boss", "friend")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"friend", "boss", "teacher", "neighbour"})
    void eachRelationIsAPermutation(String relation) {
        HashSet<String> reached = new HashSet<>();
        PeopleWorld.NAMES.forEach(name -> reached.addAll(PeopleWorld.follow(name, List.of(relation))));
        assertEquals(new HashSet<>(PeopleWorld.NAMES), reached);
    }

    @Test
    void aStrangerIsACallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> PeopleWorld.follow("Zed", List.of("friend")));
        assertThrows(IllegalArgumentException.class, () -> PeopleWorld.follow("Ann", List.of("cousin")));
    }

    @Test
    void theQuestionIsWrittenAsPeopleTypeIt() {
        assertEquals("people Ann's friend's boss is", PeopleWorld.prompt("Ann", List.of("friend", "boss")));
    }
}
