/// What training costs, and what training many configurations at once is good for: rates, fusing,
/// mixed shapes, whole searches.
@NullMarked
package dev.assay.bench.training;

import org.jspecify.annotations.NullMarked;
