// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/layer_divergence.hpp"

namespace chronotope::apps {

RtdReport to_report(const std::string& layer, const RtdResult& result) {
  RtdReport report;
  report.set_layer(layer);
  report.set_rtd(result.rtd);
  report.set_rtd_ab(result.rtd_ab);
  report.set_rtd_ba(result.rtd_ba);
  report.set_sd(result.sd);
  report.set_se(result.se);
  report.set_n(static_cast<std::uint32_t>(result.n));
  report.set_batch(static_cast<std::uint32_t>(result.batch));
  report.set_trials(static_cast<std::uint32_t>(result.trials));
  if (result.barcodes.empty()) return report;
  report.set_bars_ab(static_cast<std::uint32_t>(result.barcodes.front().ab.size()));
  report.set_bars_ba(static_cast<std::uint32_t>(result.barcodes.front().ba.size()));
  return report;
}

std::array<RtdReport, kLayers> layer_divergence(const Representation& a, const Representation& b,
                                                const RtdOptions& options) {
  std::array<RtdReport, kLayers> reports;
  for (std::size_t l = 0; l < kLayers; ++l) {
    check_comparable(a.layers[l], b.layers[l]);
    const std::string name = "L" + std::to_string(l + 1);
    try {
      reports[l] = to_report(name, rtd(a.layers[l].values, b.layers[l].values, options));
    } catch (const DegenerateRepresentation& error) {
      reports[l].set_layer(name);
      reports[l].set_missing(error.what());
    }
  }
  return reports;
}

}  // namespace chronotope::apps
