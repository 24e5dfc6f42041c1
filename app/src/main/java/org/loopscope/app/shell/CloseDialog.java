package org.loopscope.app.shell;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.stage.DirectoryChooser;
import javafx.stage.Window;
import org.loopscope.app.workbench.Closing;
import org.loopscope.plugin.card.WindowLook;

/** Asks what becomes of unsaved runs when the window closes. */
final class CloseDialog implements Closing.Questions {
    private final Window owner;

    CloseDialog(Window owner) {
        this.owner = owner;
    }

    @Override
    public Closing.Answer unsaved(String sentence) {
        ButtonType save = new ButtonType("Save…", ButtonBar.ButtonData.YES);
        ButtonType discard = new ButtonType("Discard", ButtonBar.ButtonData.NO);
        Alert alert = new Alert(
                Alert.AlertType.CONFIRMATION,
                sentence + " Save as capture files before closing?",
                save,
                discard,
                ButtonType.CANCEL);
        alert.initOwner(owner);
        alert.setTitle("Close Loopscope");
        alert.setHeaderText(null);
        alert.getDialogPane().setId("close-dialog");
        alert.getDialogPane().lookupButton(save).setId("close-save");
        alert.getDialogPane().lookupButton(discard).setId("close-discard");
        alert.getDialogPane().lookupButton(ButtonType.CANCEL).setId("close-cancel");
        WindowLook look =
                WindowLook.follow(owner.getScene(), alert.getDialogPane().getScene());
        ButtonType answer = alert.showAndWait().orElse(ButtonType.CANCEL);
        look.drop();
        if (answer == save) {
            return Closing.Answer.SAVE;
        }
        return answer == discard ? Closing.Answer.DISCARD : Closing.Answer.CANCEL;
    }

    @Override
    public Optional<Path> folder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle("Save the runs in a folder");
        return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
    }
}
