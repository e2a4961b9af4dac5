// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/apps/report/report_page.hpp"
#include "chronotope/apps/report/stream_digest.hpp"

namespace chronotope::apps {

/// The spikes of a stream's raster as a chart that zooms and moves: a colour per population, the stimuli
/// behind. HTML: <div class="chart"> with the data as JSON, drawn by chart_script(). Times have a tenth of a
/// millisecond.
std::string spike_chart(const StreamDigest& digest);

/// The colours of its populations, the same in every picture of the stream.
std::vector<ReportPage::Swatch> population_swatches(const StreamDigest& digest);
const char* population_style(std::size_t population);  ///< a, b, then muted

}  // namespace chronotope::apps
