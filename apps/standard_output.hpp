// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// Hands what was printed to whoever reads it. Throws BrokenPipe when nobody does any more, Failure when it
/// could not be written, now or at an earlier print. A verb whose output may go on for ever calls it often.
void flush_standard_output();

}  // namespace chronotope::apps
