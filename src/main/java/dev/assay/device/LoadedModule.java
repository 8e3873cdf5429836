package dev.assay.device;

/// A part of a back end's program that was loaded onto its device.
///
/// @param from what it was made of: `cubin sm_90` (ready machine code), `PTX` (which the driver
///   compiled)
/// @param milliseconds that loading took, compiling included
public record LoadedModule(String name, String from, double milliseconds) {}
