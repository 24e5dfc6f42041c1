package org.loopscope.plugin.card;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.loopscope.analysis.table.Tables;
import org.loopscope.figure.Figure;
import org.loopscope.figure.FigureExport;
import org.loopscope.figure.FigureTheme;
import org.loopscope.plugin.PanelContext;
import tech.tablesaw.api.Table;

/** What the buttons of a card do; slow parts run on the context's executor. */
final class FigureActions {
    private static final double COPY_SCALE = 2;

    private final PanelContext context;
    private final FileChooserDialog dialog = new FileChooserDialog();

    FigureActions(PanelContext context) {
        this.context = context;
    }

    /** Puts the picture, with its title, on the clipboard. */
    void copyPicture(Figure figure) {
        FigureTheme theme = context.themeProperty().get();
        work("The figure could not be copied", () -> {
            BufferedImage image = FigureExport.image(figure, COPY_SCALE, theme);
            Platform.runLater(() -> {
                ClipboardContent content = new ClipboardContent();
                content.putImage(SwingFXUtils.toFXImage(image, null));
                Clipboard.getSystemClipboard().setContent(content);
            });
        });
    }

    /** Puts the data on the clipboard as CSV text. */
    void copyData(Figure figure) {
        Optional<String> dtype = computeDtype();
        work("The data could not be copied", () -> {
            String csv = Tables.csv(table(figure, dtype));
            Platform.runLater(() -> {
                ClipboardContent content = new ClipboardContent();
                content.putString(csv);
                Clipboard.getSystemClipboard().setContent(content);
            });
        });
    }

    /** Asks for a file and writes the format that its name ends in. */
    void save(Figure figure, @Nullable Window owner) {
        FigureTheme theme = context.themeProperty().get();
        Optional<String> dtype = computeDtype();
        Optional<Path> file = dialog.choose(owner, "loopscope-" + figure.id());
        file.ifPresent(path -> work(
                "The figure could not be saved as " + path.getFileName(), () -> write(figure, path, theme, dtype)));
    }

    private static void write(Figure figure, Path path, FigureTheme theme, Optional<String> dtype) throws IOException {
        if (String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).endsWith(".csv")) {
            Tables.writeCsv(table(figure, dtype), path);
        } else {
            FigureExport.byExtension(figure, path, theme);
        }
    }

    private static Table table(Figure figure, Optional<String> dtype) {
        return dtype.map(name -> Tables.withComputeDtype(figure.table(), name)).orElseGet(figure::table);
    }

    /** The arithmetic of the run that is shown; taken on the FX thread. */
    private Optional<String> computeDtype() {
        return Optional.ofNullable(context.inspectionProperty().get())
                .map(inspection -> inspection.capture().model().computeDtype());
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void work(String whatFailed, Work work) {
        context.executor().execute(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                Platform.runLater(() -> context.showProblem(whatFailed + ": " + e.getMessage(), e));
            }
        });
    }

    /** Opens a window that shows what {@code source} shows, as large as wanted; Esc closes it. */
    void maximise(FigureView source) {
        LargeFigure large = new LargeFigure(source);
        Scene scene = new Scene(large.node(), 1200, 760);
        Stage stage = new Stage();
        Scene from = source.getScene();
        Optional<WindowLook> look = Optional.ofNullable(from).map(owner -> WindowLook.follow(owner, scene));
        if (from != null) {
            stage.initOwner(from.getWindow());
        }
        Figure figure = source.figureProperty().get();
        stage.setTitle(figure == null ? "Figure" : figure.title());
        scene.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                stage.close();
            }
        });
        stage.setOnHidden(e -> {
            large.dispose();
            look.ifPresent(WindowLook::drop);
        });
        stage.setScene(scene);
        stage.show();
    }
}
