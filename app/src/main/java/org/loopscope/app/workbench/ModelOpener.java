package org.loopscope.app.workbench;

import org.loopscope.model.LoopedModel;
import org.loopscope.model.Precision;
import org.loopscope.model.base.LoopscopeException;
import org.loopscope.model.base.RunControl;

/** Opens a model by the name of an embedded one or by its folder; slow. */
@FunctionalInterface
public interface ModelOpener {
    LoopedModel open(String nameOrFolder, Precision precision, RunControl control) throws LoopscopeException;
}
