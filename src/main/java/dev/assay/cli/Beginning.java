package dev.assay.cli;

import dev.assay.internal.engine.GpEngine;
import dev.assay.space.Configuration;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.Storage;
import dev.assay.study.StudyBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The beginning of a study file's study: what [Assembly] makes of it, with the earlier studies
/// that it starts from.
final class Beginning {
  private Beginning() {}

  /// @param objective as in [Assembly#study]; likewise the engine
  static StudyBuilder<Configuration> of(
      StudyFile spec, Storage storage, Map<String, @Nullable Object> objective, GpEngine engine) {
    var builder = new Assembly(spec).study(storage, objective, engine);
    warmStarts(spec, builder);
    return spec.confirm() == null ? builder : builder.confirm(spec.confirm());
  }

  /// Adds the earlier studies that a study file names.
  static void warmStarts(StudyFile spec, StudyBuilder<Configuration> builder) {
    spec.warmStart()
        .forEach((study, place) ->
            builder.warmStart(
                study, () -> place.locate(() -> NamedStudy.of(study, spec.directory()).open())));
  }
}
