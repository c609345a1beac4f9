-- The ledger is read by kind, the newest first.
DROP INDEX "LedgerTransaction_shopId_at_idx";
CREATE INDEX "LedgerTransaction_shopId_kind_at_idx" ON "LedgerTransaction"("shopId", "kind", "at");
