# The app's image: one for the web and the worker role, chosen by PERENNIAL_ROLES (both in one process unless told).
# Before the first start and after each update: docker run --rm -e DATABASE_URL=... IMAGE npm run db:migrate
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=3000 WORKER_PORT=3001
WORKDIR /app
# The sources go with the build, for Node runs the server's TypeScript as it is; prisma/ holds the migrations.
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/build ./build
COPY --from=build --chown=node:node /app/app ./app
COPY --from=build --chown=node:node /app/prisma ./prisma
COPY --from=build --chown=node:node /app/extensions ./extensions
COPY --from=build --chown=node:node /app/scripts ./scripts
COPY --from=build --chown=node:node /app/server.ts ./
# SQLite's file, where one is used: mount a volume here.
RUN install -d -o node -g node /app/.data
VOLUME /app/.data
USER node
EXPOSE 3000 3001
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s CMD ["node", "-e", "const port = (process.env.PERENNIAL_ROLES ?? 'web').includes('web') ? process.env.PORT : process.env.WORKER_PORT; fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would not pass SIGTERM on. Give the stop 30 seconds.
# A larger young generation gains nothing here and costs a hundred megabytes during a sync.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=100", "server.ts"]
