/// The study file: YAML or JSON, read into typed objects, with a place (file, line, key) in every
/// error.
@NullMarked
package dev.assay.spec;

import org.jspecify.annotations.NullMarked;
