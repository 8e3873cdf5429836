/// Options of the parts that study files name, said once: on the components of the record that has
/// them. From an [Option] follow the reader, the ranges, what is stored, the table in the docs and
/// the study file's schema; defaults are those of the record's constructor without arguments.
@NullMarked
package dev.assay.settings;

import org.jspecify.annotations.NullMarked;
