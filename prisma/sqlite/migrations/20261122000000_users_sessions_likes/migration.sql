-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "username" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "userId" TEXT,
    "keep" BOOLEAN NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "sudoAt" DATETIME,
    "data" TEXT NOT NULL DEFAULT '{}',
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Like" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "thing" TEXT NOT NULL,
    "thingKey" TEXT NOT NULL,
    "userId" TEXT,
    "sessionId" TEXT,
    "claimId" TEXT,
    "createdAt" DATETIME NOT NULL,
    -- By hand: Prisma has no word for it, and drops it whenever it rebuilds this table.
    CONSTRAINT "Like_one_owner" CHECK (("userId" IS NULL) <> ("sessionId" IS NULL)),
    CONSTRAINT "Like_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Like_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "User_username_key" ON "User"("username");

-- CreateIndex
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "Session_lastSeenAt_idx" ON "Session"("lastSeenAt");

-- CreateIndex
CREATE INDEX "Like_userId_createdAt_id_idx" ON "Like"("userId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Like_sessionId_createdAt_id_idx" ON "Like"("sessionId", "createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Like_userId_thingKey_key" ON "Like"("userId", "thingKey");

-- CreateIndex
CREATE UNIQUE INDEX "Like_sessionId_thingKey_key" ON "Like"("sessionId", "thingKey");
