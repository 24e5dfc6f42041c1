package org.loopscope.app.shell;

import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.TextInputDialog;
import javafx.stage.Window;
import org.loopscope.app.workbench.ModelLibrary;
import org.loopscope.plugin.card.WindowLook;

/** The two questions of a download: which model, and whether its size is fine. */
final class DownloadDialog {
    private final Window owner;
    private final ModelLibrary library;

    /** Asks the second question whenever the library has an offer. */
    DownloadDialog(Window owner, ModelLibrary library) {
        this.owner = owner;
        this.library = library;
        library.offerProperty().addListener((o, before, offer) -> {
            if (offer != null) {
                // Later: a dialog waits, and a listener must not.
                Platform.runLater(() -> confirm(offer.question()));
            }
        });
    }

    /** Asks for the model's name. */
    void show() {
        TextInputDialog dialog = new TextInputDialog(ModelLibrary.PROPOSED);
        dialog.initOwner(owner);
        dialog.setTitle("Download a model");
        dialog.setHeaderText(
                "An Ouro model of the Hugging Face Hub, as ORG/NAME. Its size is told before it is fetched.");
        dialog.getDialogPane().setId("download-dialog");
        dialog.getEditor().setId("download-name");
        ask(dialog).ifPresent(library::ask);
    }

    /** Shows a dialog that looks like its owner. */
    private <R> Optional<R> ask(Dialog<R> dialog) {
        Scene scene = dialog.getDialogPane().getScene();
        Optional<WindowLook> look = Optional.ofNullable(owner.getScene()).map(from -> WindowLook.follow(from, scene));
        Optional<R> answer = dialog.showAndWait();
        look.ifPresent(WindowLook::drop);
        return answer;
    }

    private void confirm(String question) {
        ButtonType yes = new ButtonType("Download", ButtonType.OK.getButtonData());
        Alert alert = new Alert(Alert.AlertType.CONFIRMATION, question, yes, ButtonType.CANCEL);
        alert.initOwner(owner);
        alert.setTitle("Download a model");
        alert.setHeaderText(null);
        alert.getDialogPane().setId("download-confirm");
        Optional<ButtonType> answer = ask(alert);
        if (answer.filter(yes::equals).isPresent()) {
            library.accept();
        } else {
            library.decline();
        }
    }
}
