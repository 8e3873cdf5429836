package dev.assay;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which package may use which. Every package may use itself, [#EVERYWHERE], and what its entry
/// names; what is not in the table is not a package of Assay. What is used stands above its users.
final class PackageTable {
  /// What every package may use, each of these those before it.
  private static final List<String> EVERYWHERE =
      List.of("internal.words", "problem", "internal.problem");

  /// Below `dev.assay`; a line without a colon goes on with the one before it.
  private static final String USES =
      """
      internal:
      files:
      gp:
      internal.pareto:
      internal.statistics:
      kernel:
      process:
      random:
      settings:
      acquisition: internal.statistics
      device.nvidia: kernel
      device.opencl: kernel
      internal.linalg: process
      internal.random: random
      ship: files
      space: random
      train: files random
      device.lanes: train
      internal.acquisition: acquisition internal.pareto internal.statistics
      internal.gp: gp internal.linalg
      internal.sampler.prior: internal.statistics space
      internal.space: space
      run.gpu: space
      trial: random settings space
      importance: random space trial
      internal.engine: acquisition gp internal.acquisition internal.gp internal.linalg internal.random random
      internal.sampler.halving: internal.sampler.prior random settings space trial
      internal.sampler.seen: internal.sampler.prior space trial
      internal.sampler.cost: internal.linalg space trial
      internal.sampler.memory: internal.linalg internal.sampler.cost random space trial
      internal.trial: internal.pareto settings trial
      run.population: files trial
      storage: space trial
      study.free: space trial
      device: files gp internal.acquisition internal.engine internal.gp random train
      internal.free: random space study.free trial
      internal.sampler.curves: internal.linalg internal.sampler.memory internal.sampler.seen
          internal.statistics random settings space trial
      internal.sampler.genetic: internal.pareto internal.sampler.prior internal.sampler.seen random settings
          space trial
      internal.sampler.population: internal.sampler.prior internal.sampler.seen random settings space trial
      internal.sampler.simple: internal.random internal.sampler.prior internal.sampler.seen random settings
          space trial
      internal.sampler.tpe: internal.linalg internal.pareto internal.sampler.memory internal.sampler.prior
          internal.sampler.seen internal.statistics random settings space trial
      internal.storage: internal.space space storage trial
      internal.storage.sql: files process space storage trial
      internal.surrogate: acquisition gp internal.acquisition internal.engine internal.gp internal.linalg
          internal.pareto random
      device.cpu: device gp internal.acquisition internal.engine internal.gp internal.linalg random train
      device.cuda: device device.lanes gp internal.acquisition internal.engine internal.gp internal.linalg
          internal.pareto internal.random process random train
      internal.desk: internal.space internal.storage internal.trial random space storage study.free trial
      internal.opening: internal.storage space storage trial
      internal.pruner: internal.pareto internal.sampler.curves internal.statistics internal.trial settings
          space trial
      internal.sampler.cmaes: internal.pareto internal.sampler.prior internal.sampler.seen
          internal.sampler.tpe random settings space trial
      internal.sampler.gp: gp internal.acquisition internal.engine internal.gp internal.random
          internal.sampler.cost internal.sampler.memory internal.sampler.prior internal.sampler.seen
          internal.surrogate random settings space trial
      storage.sql: internal.storage.sql storage
      internal.sampler: internal.engine internal.sampler.cmaes internal.sampler.cost internal.sampler.gp
          internal.sampler.simple internal.sampler.tpe random settings space trial
      pruner: internal.pruner internal.trial trial
      sampler.gp: acquisition gp internal.engine internal.gp internal.sampler.gp internal.surrogate trial
      study: internal.desk internal.free internal.opening internal.space internal.statistics internal.storage
          internal.trial random space storage study.free trial
      run: space study trial
      sampler: internal.engine internal.sampler internal.sampler.cmaes internal.sampler.curves
          internal.sampler.genetic internal.sampler.gp internal.sampler.halving internal.sampler.population
          internal.sampler.simple internal.sampler.tpe internal.trial trial
      track: space study trial
      run.command: files internal.sampler.cost internal.trial process run run.gpu run.population space storage
          study trial
      run.control: files process run space storage study
      run.function: run space study trial
      run.kernel: files kernel run space study trial
      run.table: files run space study train trial
      run.trainer: device random run run.population space study train trial
      spec: device files internal.engine internal.sampler internal.sampler.curves internal.sampler.gp
          internal.sampler.population internal.trial kernel pruner random run run.command run.function run.gpu
          run.kernel run.table run.trainer sampler space storage study track train trial
      compare: device files internal.engine internal.statistics random run run.command run.function run.table
          sampler space spec storage study trial
      report: compare files gp importance internal.engine internal.gp internal.linalg internal.sampler.gp
          internal.space internal.statistics internal.storage internal.trial run.control space spec storage
          study trial
      exchange: internal.opening internal.space internal.storage internal.storage.sql report space storage
          track trial
      serve: files internal.trial report run run.control space spec storage study trial
      remote: internal.desk internal.opening report run serve ship space storage study trial
      cli: compare device exchange files importance internal.engine internal.opening internal.sampler
          internal.sampler.gp internal.sampler.population internal.storage internal.storage.sql internal.trial
          process random remote report run run.command run.control run.gpu run.table serve ship space spec
          storage study track train trial
      """;

  private static final Map<String, Set<String>> MAY_USE = read();

  private PackageTable() {}

  private static Map<String, Set<String>> read() {
    var table = new TreeMap<String, Set<String>>();
    for (int i = 0; i < EVERYWHERE.size(); i++) {
      table.put(EVERYWHERE.get(i), Set.copyOf(EVERYWHERE.subList(0, i + 1)));
    }
    Set<String> used = Set.of();
    for (var word : USES.strip().split("\\s+")) {
      if (word.endsWith(":")) {
        var name = word.substring(0, word.length() - 1);
        used = new HashSet<>(EVERYWHERE);
        used.add(name);
        if (table.put(name, used) != null) {
          throw new IllegalStateException("two entries of " + name);
        }
      } else if (!used.add(word)) {
        throw new IllegalStateException("twice in one entry: " + word);
      }
    }
    return table;
  }

  /// For each package those that it may use.
  static Map<String, Set<String>> mayUse() {
    return MAY_USE;
  }
}
