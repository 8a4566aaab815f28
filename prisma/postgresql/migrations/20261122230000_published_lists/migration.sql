-- AlterTable
ALTER TABLE "User" ADD COLUMN     "isIndexable" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "listTitle" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "publishedAt" TIMESTAMP(3),
ADD COLUMN     "takenDownAt" TIMESTAMP(3);
