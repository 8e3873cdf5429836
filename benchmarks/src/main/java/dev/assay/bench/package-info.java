/// JMH suites behind `assay bench`: what the search costs, and how fast trials are.
@NullMarked
package dev.assay.bench;

import org.jspecify.annotations.NullMarked;
