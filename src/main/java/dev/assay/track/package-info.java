/// Where other tools look at studies: TensorBoard's event files, MLflow's servers, lines of JSON. A
/// study is logged while it runs; what a tracker does never hurts it.
@NullMarked
package dev.assay.track;

import org.jspecify.annotations.NullMarked;
