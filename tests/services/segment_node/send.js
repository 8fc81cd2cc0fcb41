// Sends what the test asks for: node send.js HOST WRITE_KEY COUNT. Prints how many were accepted.
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey, count] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, flushAt: 20, flushInterval: 200, maxRetries: 5 });
let accepted = 0;
const failed = [];
analytics.on("error", (error) => failed.push(String(error.code || error)));
const note = (error) => { if (!error) accepted += 1; };

analytics.group({ userId: "node-1", groupId: "node-customer", traits: { name: "Node & Sons" } }, note);
analytics.identify({ userId: "node-1", traits: { name: "Nora Node", email: "nora@node.example" } }, note);
for (let n = 0; n < Number(count); n += 1) {
  analytics.track({
    userId: "node-1", event: "Order Completed", properties: { total: n + 0.5 }, messageId: `node-${n}`,
  }, note);
}
analytics.closeAndFlush({ timeout: 20000 }).then(() => {
  console.log(JSON.stringify({ accepted, failed }));
});
