/// Built-in models and data sets, and the port [TrainEngine] behind which they are trained.
///
/// ```
/// DataSet --Validation--> FoldedData --+
///                                      +--> FusedTrainer --groups by Shape--> TrainPlan --> TrainEngine
/// TrainerSettings (one a trial) -------+                                                        |
///        TrainResult (one a trial) <--Metric-- LaneReport (one a lane) <---- TrainSession <-----+
/// ```
///
/// A *lane* is one configuration on one fold. Lanes of one [Shape] are trained together by one
/// [TrainSession]; all else (learning rate, optimiser, epochs, seeds, fold) is data of the lane.
/// What a lane learns never depends on its neighbours, nor on the number of threads.
///
/// Notation: n rows, p features, c classes, k folds. X: n × p, row-major. A layer with u inputs and
/// v outputs has weights W: u × v and a bias b: v; its output is a(X W + b). Losses are mean
/// cross-entropies in nats.
@NullMarked
package dev.assay.train;

import org.jspecify.annotations.NullMarked;
