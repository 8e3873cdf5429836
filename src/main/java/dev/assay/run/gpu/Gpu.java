package dev.assay.run.gpu;

/// One GPU.
///
/// @param index as in CUDA_VISIBLE_DEVICES with CUDA_DEVICE_ORDER=PCI_BUS_ID
/// @param name of the model; empty: not known
/// @param totalBytes of its memory; 0: not known
public record Gpu(int index, String name, long totalBytes) {}
