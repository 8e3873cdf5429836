/// What the trainers of devices have in common: how a lane lies in a device's memory, what a launch
/// is told of its lanes, and a session over whatever memory a back end has.
@NullMarked
package dev.assay.device.lanes;

import org.jspecify.annotations.NullMarked;
