/// Ask and tell for programs in any language: one JSON answer for every JSON request.
@NullMarked
package dev.assay.serve;

import org.jspecify.annotations.NullMarked;
