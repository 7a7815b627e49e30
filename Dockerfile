# Xunwen on one machine: docker build -t xunwen . && docker run -v xunwen:/data -p 127.0.0.1:8000:8000 xunwen
# compose.yaml builds the same image for several services.
FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir -c /src/constraints.txt '/src[channels,cluster]' \
 && rm -rf /src \
 && useradd --create-home xunwen \
 && install -d -o xunwen /data
USER xunwen
ENV XUNWEN_DATA=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["xunwen", "run", "--host", "0.0.0.0"]
