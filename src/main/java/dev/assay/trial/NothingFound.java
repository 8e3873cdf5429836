package dev.assay.trial;

/// A sampler found nothing more to propose, though it is not certain that there is nothing.
public final class NothingFound extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NothingFound() {
    super("nothing was found that may be proposed", null, false, false);
  }
}
