/// Programs of the user's as operating-system processes: started in a session of their own, and
/// ended with everything that they started.
@NullMarked
package dev.assay.process;

import org.jspecify.annotations.NullMarked;
