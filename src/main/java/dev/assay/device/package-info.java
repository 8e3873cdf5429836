/// Back ends: what calculates. A back end is found as a service, says whether it can be used here
/// and why not, and opens engines.
@NullMarked
package dev.assay.device;

import org.jspecify.annotations.NullMarked;
