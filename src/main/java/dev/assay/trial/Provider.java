package dev.assay.trial;

/// Makes a part of a third party for study files and command lines that name it. A service:
/// implement the interface of its kind ([SamplerProvider], [PrunerProvider],
/// [StoppingRuleProvider]), name the class in `META-INF/services`, put the jar on the class path
/// (`ASSAY_CLASSPATH` of the launcher).
///
/// @param <T> what is made
public interface Provider<T> {
  /// What study files call it: `sampler: NAME`.
  String name();

  /// Makes one: `options.read(Mine.class)` for a record whose components are options
  /// ([dev.assay.settings.Option]), else by asking for each by name, type and default. What is
  /// asked for here is what there is: any other name is refused, and the nearest suggested. Ranges
  /// belong into the constructor of what is made, so that they hold for Java too.
  ///
  /// @throws dev.assay.problem.Problem for options that cannot be meant
  T create(Options options);
}
