package org.loopscope.app.shell;

import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
import javafx.scene.control.TextInputDialog;
import javafx.stage.Window;
import org.loopscope.app.workbench.ModelLibrary;

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
        dialog.showAndWait().ifPresent(library::ask);
    }

    private void confirm(String question) {
        ButtonType yes = new ButtonType("Download", ButtonType.OK.getButtonData());
        Alert alert = new Alert(Alert.AlertType.CONFIRMATION, question, yes, ButtonType.CANCEL);
        alert.initOwner(owner);
        alert.setTitle("Download a model");
        alert.setHeaderText(null);
        alert.getDialogPane().setId("download-confirm");
        Optional<ButtonType> answer = alert.showAndWait();
        if (answer.filter(yes::equals).isPresent()) {
            library.accept();
        } else {
            library.decline();
        }
    }
}
