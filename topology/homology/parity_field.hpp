// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::topology {

/// Z/2 beside PrimeField: its one non-zero element needs no storage.
class ParityField {
 public:
  struct Element {};

  Element one() const { return {}; }
  Element minus(Element) const { return {}; }
  Element times(Element, Element) const { return {}; }
  Element inverse(Element) const { return {}; }
  Element sign(bool) const { return {}; }
};

}  // namespace chronotope::topology
