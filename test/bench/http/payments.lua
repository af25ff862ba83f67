-- Payments for wrk: each request has an id of its own; customers, cards, devices, addresses and
-- merchants repeat as in a shop's day. The same script loads both sides of a comparison.
-- Arguments: a prefix for ids that no other run uses, and the bearer token.

local accounts, merchants = 20000, 400
local counter, thread_count = 0, 0
local prefix, started

function setup(thread)
  thread_count = thread_count + 1
  thread:set("thread_number", thread_count)
end

function init(args)
  math.randomseed(os.time() + thread_number)
  prefix = args[1] .. "_" .. thread_number .. "_"
  started = os.date("!%Y-%m-%dT%H:%M:%S")
  wrk.method = "POST"
  wrk.path = "/v1/payments"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. args[2]
end

local body = '{"id":"%s%d","occurredAt":"%s.%03dZ","amount":%d,"asset":"EUR","debtor":"customer:%d",'
  .. '"creditor":"merchant:%d","capture":"automatic","card":{"id":"c_%d","bin":"424242","country":"DE",'
  .. '"brand":"visa","funding":"debit"},"device":{"id":"d_%d","assurance":"client",'
  .. '"userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",'
  .. '"timezone":"Europe/Berlin","language":"de-DE"},"ip":"93.%d.%d.%d",'
  .. '"merchant":{"id":"m_%d","category":"5732","country":"DE"},"initiator":"customer","channel":"web"}'

function request()
  counter = counter + 1
  local account = math.random(accounts)
  local merchant = math.random(merchants)
  return wrk.format(nil, nil, nil, string.format(body, prefix, counter, started, counter % 1000,
    math.random(200, 20000), account, merchant, account * 2 + counter % 2, account,
    account % 250, math.floor(account / 250) % 250, account % 199, merchant))
end
