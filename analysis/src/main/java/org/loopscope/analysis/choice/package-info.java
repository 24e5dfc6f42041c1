/** Multiple choice by log-likelihood, by loop step and by exit rule. */
@NullMarked
package org.loopscope.analysis.choice;

import org.jspecify.annotations.NullMarked;
