package org.loopscope.app.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.loopscope.model.base.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened, for the log view: newest last, errors counted until somebody looks. Used on the FX thread. */
public final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int CAPACITY = 1000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ObservableList<Entry> shown =
            FXCollections.unmodifiableObservableList(entries); // held: it listens weakly
    private final ReadOnlyIntegerWrapper unseenErrors = new ReadOnlyIntegerWrapper();

    /** How much an entry matters. */
    public enum Level {
        INFO,
        WARNING,
        ERROR
    }

    /** One line of the log; {@code details} is the stack trace of an internal error. */
    public record Entry(LocalTime time, Level level, String sentence, Optional<String> details) {
        @Override
        public String toString() {
            return TIME.format(time) + "  " + level + "  " + sentence
                    + details.map(d -> "\n" + d).orElse("");
        }
    }

    public void info(String sentence) {
        add(Level.INFO, sentence, Optional.empty());
    }

    public void warning(String sentence) {
        add(Level.WARNING, sentence, Optional.empty());
    }

    /** Logs an error; the trace is kept for everything but what a user can cause. */
    public void error(String sentence, Throwable cause) {
        if (Problems.isUsersToFix(cause)) {
            add(Level.ERROR, sentence, Optional.empty());
            return;
        }
        LOG.error(sentence, cause);
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        add(Level.ERROR, sentence, Optional.of(trace.toString()));
    }

    private void add(Level level, String sentence, Optional<String> details) {
        if (entries.size() >= CAPACITY) {
            entries.remove(0);
        }
        entries.add(new Entry(
                LocalTime.now(),
                level,
                ForeignText.inWindow(ForeignText.lines(sentence)),
                details.map(ForeignText::lines)));
        if (level == Level.ERROR) {
            unseenErrors.set(unseenErrors.get() + 1);
        }
    }

    public ObservableList<Entry> entries() {
        return shown;
    }

    /** Errors since the log was last looked at: the badge of the log tab. */
    public ReadOnlyIntegerProperty unseenErrorsProperty() {
        return unseenErrors.getReadOnlyProperty();
    }

    public void markSeen() {
        unseenErrors.set(0);
    }
}
