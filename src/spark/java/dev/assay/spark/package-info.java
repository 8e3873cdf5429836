/// Workers of a study as tasks of Apache Spark.
///
/// [dev.assay.spark.Placement] is a Spark application that `assay tune --on` starts beside itself.
/// It reads what is wanted from its input and ends with it; each of its tasks is one `assay work`,
/// which claims trials over HTTP from whoever owns the study. Spark only says where workers run and
/// which GPUs they have: reports, pruning and what becomes of a lost trial are the owner's.
///
/// Release 17, and nothing of Assay's but this package: executors run it on the Java that their
/// cluster has.
@NullMarked
package dev.assay.spark;

import org.jspecify.annotations.NullMarked;
