-- What wrk has seen, as JSON.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "bytes": %d, "seconds": %f, "p99": %d, "errors": %d}\n',
    summary.requests, summary.bytes, summary.duration / 1e6, latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
