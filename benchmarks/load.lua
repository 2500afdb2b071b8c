-- Load for wrk: the requests of a file in turn, each with a number of its own where it has {n}.
--
-- Usage: wrk ... -s load.lua ADDRESS -- FILE NUMBER

local parts, turn, number = {}, 0, 0

function init(arguments)
  number = tonumber(arguments[2])
  local ending = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
    .. "\r\nAccept: application/sparql-results+json\r\n\r\n"
  for line in io.lines(arguments[1]) do
    local head, tail = line:match("^(.-){n}(.*)$")
    parts[#parts + 1] = { "GET " .. wrk.path .. (head or line), head and (tail .. ending) or ending, head }
  end
end

function request()
  turn = turn % #parts + 1
  number = number + 1
  local part = parts[turn]
  if part[3] then
    return part[1] .. number .. part[2]
  end
  return part[1] .. part[2]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"answers": %d, "seconds": %f, "median": %f, "p99": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
